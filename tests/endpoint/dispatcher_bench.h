#pragma once
// A dispatcher over the simulated network, and a caller that asks numbered questions.
#include <gtest/gtest.h>

#include <set>

#include "endpoint/dispatcher.h"
#include "film/base/error.h"
#include "simulated_transport.h"

namespace film::endpoint {

inline EndpointSettings bench_settings() {
  EndpointSettings s;
  s.base_url = "https://host/v1";
  s.model = "m";
  return s;
}

// A cap of a few hundred answers.
inline void set_prices(EndpointSettings& settings) {
  settings.price_in = 10;
  settings.price_out = 30;
  settings.max_cost = 0.5;
  settings.max_tokens = 100;
}

struct Bench {
  template <class Rule>  // SimulatedTransport's, of either kind
  explicit Bench(Rule rule, const EndpointSettings& settings = bench_settings(),
                 AnswerJournal* journal = nullptr)
      : network(std::move(rule)), dispatcher(settings, {}, network, journal, 1) {}

  // Asks `count` different questions; returns the code of the error that ended the run, ok if none did.
  ExitCode ask(int count) {
    int next = 0;
    const ChatSource source = [&]() -> std::optional<ChatRequest> {
      if (next == count) return {};
      return ChatRequest{
          std::to_string(next++), {{Role::user, "question " + std::to_string(next)}}, 0, "p", {}};
    };
    return ask(source);
  }

  ExitCode ask(const ChatSource& source) {
    try {
      dispatcher.run(
          source, [&](ChatResult r) { results.push_back(std::move(r)); }, [&] { return stop(); },
          [](const Run&) {});
    } catch (const Error& error) {
      message = error.what();
      return error.code();
    }
    return ExitCode::ok;
  }

  void expect_each_once(int count) const {
    std::set<std::string> ids;
    for (const ChatResult& r : results) EXPECT_TRUE(ids.insert(r.id).second) << r.id << " came twice";
    EXPECT_EQ(ids.size(), static_cast<std::size_t>(count));
  }

  SimulatedTransport network;
  Dispatcher dispatcher;
  std::vector<ChatResult> results;
  std::function<bool()> stop = [] { return false; };
  std::string message;
};

inline SimulatedTransport::Rule always(HttpReply reply, double seconds = 1) {
  return [=](const std::string&, int, double) { return SimulatedTransport::Script{seconds, reply}; };
}

}  // namespace film::endpoint
