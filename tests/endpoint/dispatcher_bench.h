#pragma once
// A dispatcher over the simulated network, and a caller that asks numbered questions.
#include <gtest/gtest.h>

#include <set>

#include "../../src/endpoint/dispatcher.h"
#include "film/base/error.h"
#include "simulated_transport.h"

namespace film::endpoint {

inline EndpointSettings settings() {
  EndpointSettings s;
  s.base_url = "https://host/v1";
  s.model = "m";
  return s;
}

struct Bench {
  explicit Bench(SimulatedTransport::Rule rule, const EndpointSettings& s = settings(),
                 AnswerJournal* journal = nullptr)
      : chosen(s), network(std::move(rule)), dispatcher(chosen, network, journal, 1) {}

  // Asks `count` different questions; returns the code of the error that ended the run, ok if none did.
  ExitCode ask(int count) {
    int next = 0;
    const ChatSource source = [&]() -> std::optional<ChatRequest> {
      if (next == count) return {};
      return ChatRequest{std::to_string(next++), {{"user", "question " + std::to_string(next)}}, 0, "p", {}};
    };
    return ask(source);
  }

  ExitCode ask(const ChatSource& source) {
    try {
      dispatcher.run(
          source, [&](ChatResult r) { results.push_back(std::move(r)); }, [&] { return stop(); }, [] {});
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

  EndpointSettings chosen;
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
