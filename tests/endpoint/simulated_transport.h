#pragma once
// A network of rules and virtual time: nothing sleeps, nothing depends on the machine's speed.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "endpoint/transport.h"

namespace film::endpoint {

class SimulatedTransport : public Transport {
 public:
  struct Script {
    double seconds = 1;
    HttpReply reply;
  };
  // What the n-th attempt (from 0) with this body gets, started at `now`.
  using Rule = std::function<Script(const std::string& body, int attempt, double now)>;
  // The same by the whole request.
  using RequestRule = std::function<Script(const HttpRequest& request, int attempt, double now)>;

  explicit SimulatedTransport(RequestRule rule) : rule_(std::move(rule)) {}
  explicit SimulatedTransport(Rule rule)
      : rule_([rule = std::move(rule)](const HttpRequest& request, int attempt, double now) {
          return rule(request.body, attempt, now);
        }) {}

  double now() override { return now_; }

  void start(std::size_t slot, HttpRequest request) override {
    Script script = rule_(request, asked[request.body]++, now_);
    starts.push_back(now_);
    ++sent_to[request.url];
    methods.insert(request.method);
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

  std::map<std::string, int> asked;    // attempts per body
  std::map<std::string, int> sent_to;  // attempts per URL
  std::set<std::string> methods;
  std::vector<double> starts;
  std::size_t most_open = 0;

 private:
  RequestRule rule_;
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

inline HttpReply refused_connection() {
  HttpReply reply;
  reply.error = TransportError::connect;
  reply.error_text = "connection refused";
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
