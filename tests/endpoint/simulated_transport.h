#pragma once
// A network of rules and virtual time: nothing sleeps, nothing depends on the machine's speed.
#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <string>

#include "../../src/endpoint/transport.h"

namespace film::endpoint {

class SimulatedTransport : public Transport {
 public:
  struct Script {
    double seconds = 1;
    HttpReply reply;
  };
  // What the n-th attempt (from 0) with this body gets, started at `now`.
  using Rule = std::function<Script(const std::string& body, int attempt, double now)>;

  explicit SimulatedTransport(Rule rule) : rule_(std::move(rule)) {}

  double now() override { return now_; }

  void start(std::size_t slot, const std::string& body) override {
    Script script = rule_(body, asked[body]++, now_);
    starts.push_back(now_);
    open_.emplace(now_ + script.seconds, Finished{slot, std::move(script.reply)});
    most_open = std::max(most_open, open_.size());
  }

  std::vector<Finished> wait(double seconds) override {
    std::vector<Finished> done;
    if (open_.empty() || open_.begin()->first > now_ + seconds) {
      now_ += seconds;
      return done;
    }
    now_ = std::max(now_, open_.begin()->first);
    while (!open_.empty() && open_.begin()->first <= now_) {
      done.push_back(std::move(open_.begin()->second));
      open_.erase(open_.begin());
    }
    return done;
  }

  void cancel_all() override { open_.clear(); }

  std::map<std::string, int> asked;  // attempts per body
  std::vector<double> starts;
  std::size_t most_open = 0;

 private:
  Rule rule_;
  double now_ = 1000;
  std::multimap<double, Finished> open_;
};

inline HttpReply status_reply(int status, ReplyHeaders headers = {}, std::string body = "{}") {
  HttpReply reply;
  reply.status = status;
  reply.headers = std::move(headers);
  reply.body = std::move(body);
  reply.sent = true;
  return reply;
}

inline HttpReply answer_reply(const std::string& text, int prompt = 100, int completion = 50) {
  return status_reply(200, {},
                      R"({"model":"m","choices":[{"message":{"content":")" + text +
                          R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":)" +
                          std::to_string(prompt) + R"(,"completion_tokens":)" + std::to_string(completion) +
                          "}}");
}

}  // namespace film::endpoint
