// The loop with its journal: what was paid for is not asked again.
#include <filesystem>

#include "../support/temp_folder.h"
#include "dispatcher_bench.h"
#include "endpoint/request_body.h"

namespace film::endpoint {
namespace {

class WithJournal : public testing::Test {
 protected:
  support::TempFolder folder_;
  fs::path path_ = folder_ / "journal.jsonl";
};

TEST_F(WithJournal, ResumeAsksOnlyForWhatIsMissing) {
  {
    AnswerJournal journal(path_);
    Bench bench(always(answer_reply("first")), bench_settings(), &journal);
    EXPECT_EQ(bench.ask(300), ExitCode::ok);
  }
  AnswerJournal journal(path_);
  EXPECT_EQ(journal.size(), 300u);
  Bench bench(always(answer_reply("second")), bench_settings(), &journal);
  EXPECT_EQ(bench.ask(500), ExitCode::ok);
  bench.expect_each_once(500);
  EXPECT_EQ(bench.network.starts.size(), 200u);
  for (const ChatResult& r : bench.results) EXPECT_EQ(r.text, std::stoi(r.id) < 300 ? "first" : "second");
}

TEST_F(WithJournal, PaidRejectionsAreNotPaidTwiceAndUnpaidFailuresAreAskedAgain) {
  const auto rule = [](const std::string& body, int, double) -> SimulatedTransport::Script {
    if (body.find("question 1\"") != std::string::npos)
      return {1, status_reply(200, {},
                              R"({"choices":[{"message":{"content":"cut"},"finish_reason":"length"}]})")};
    if (body.find("question 2\"") != std::string::npos) return {1, status_reply(403)};
    return {1, answer_reply("x")};
  };
  EndpointSettings s = bench_settings();
  s.max_in_flight = 1;
  for (int round = 0; round < 2; ++round) {
    AnswerJournal journal(path_);
    Bench bench(rule, s, &journal);
    EXPECT_EQ(bench.ask(10), ExitCode::ok);
    EXPECT_EQ(bench.dispatcher.report().reasons.at(Reason::length), 1u);
    EXPECT_EQ(bench.dispatcher.report().reasons.at(Reason::denied), 1u);
    EXPECT_EQ(bench.network.starts.size(), round == 0 ? 10u : 1u);
  }
  s.keep_truncated = true;  // asked to keep what was dropped: no new payment
  AnswerJournal journal(path_);
  Bench bench(rule, s, &journal);
  EXPECT_EQ(bench.ask(10), ExitCode::ok);
  EXPECT_EQ(bench.dispatcher.report().ok, 9u);
}

TEST_F(WithJournal, TheSameBodyIsAskedOnceAlsoWithinARun) {
  AnswerJournal journal(path_);
  Bench bench(always(answer_reply("x")), bench_settings(), &journal);
  int next = 0;
  EXPECT_EQ(bench.ask([&]() -> std::optional<ChatRequest> {
    if (next == 100) return {};
    const std::string id = std::to_string(next++);
    return ChatRequest{id, {{Role::user, "same"}}, 0, "p", {}};
  }),
            ExitCode::ok);
  bench.expect_each_once(100);
  EXPECT_EQ(bench.network.starts.size(), 1u);
}

// Requests sent for twenty questions with these settings.
std::size_t sent(const EndpointSettings& settings, AnswerJournal& journal) {
  Bench bench(always(answer_reply("x")), settings, &journal);
  EXPECT_EQ(bench.ask(20), ExitCode::ok);
  return bench.network.starts.size();
}

TEST_F(WithJournal, AnotherPromptVersionModelOrServiceIsAnotherQuestion) {
  AnswerJournal journal(path_);
  EndpointSettings other_model = bench_settings(), other_service = bench_settings();
  other_model.model = "m2";
  other_service.service = "another";
  EXPECT_EQ(sent(bench_settings(), journal), 20u);
  EXPECT_EQ(sent(other_model, journal), 20u);
  EXPECT_EQ(sent(other_service, journal), 20u);
  EXPECT_EQ(sent(bench_settings(), journal), 0u);
  const std::string body = request_body(bench_settings(), {"1", {{Role::user, "q"}}, 0, "", {}});
  EXPECT_NE(request_key("a", "1", body), request_key("a", "2", body));
  EXPECT_NE(request_key("ab", "c", body), request_key("a", "bc", body));
}

TEST_F(WithJournal, AnotherAddressOfTheSameServiceIsNotPaidTwice) {
  AnswerJournal journal(path_);
  EndpointSettings other_address = bench_settings(), both = bench_settings();
  other_address.base_url = "https://host2/v1";
  both.servers = {{.base_url = "https://host2/v1"}, {.base_url = "https://host3/v1"}};
  EXPECT_EQ(sent(bench_settings(), journal), 20u);
  EXPECT_EQ(sent(other_address, journal), 0u);
  EXPECT_EQ(sent(both, journal), 0u);
}

TEST_F(WithJournal, FindsTheAnswersOfOlderJournalsWhichNamedTheAddress) {
  {
    AnswerJournal old(path_);
    ChatResult result;
    result.outcome = ChatOutcome::ok;
    result.text = "paid long ago";
    for (int i = 1; i <= 20; ++i) {
      const ChatRequest request{"", {{Role::user, "question " + std::to_string(i)}}, 0, "p", {}};
      old.add(request_key("https://host/v1", "p", request_body(bench_settings(), request)), result, 0, "p");
    }
  }
  AnswerJournal journal(path_);
  EndpointSettings with_slash = bench_settings(), second = bench_settings(), elsewhere = bench_settings();
  with_slash.base_url = "https://host/v1/";
  second.servers = {{.base_url = "https://host2/v1"}, {.base_url = "https://host/v1"}};
  elsewhere.base_url = "https://host2/v1";
  EXPECT_EQ(sent(bench_settings(), journal), 0u);
  EXPECT_EQ(sent(with_slash, journal), 0u);
  EXPECT_EQ(sent(second, journal), 0u);
  EXPECT_EQ(sent(elsewhere, journal), 20u) << "film cannot know that it is the same service";
}

TEST_F(WithJournal, TheCostCapHoldsAcrossRuns) {
  EndpointSettings s = bench_settings();
  set_prices(s);
  std::uint64_t sent = 0;
  for (int round = 0; round < 2; ++round) {
    AnswerJournal journal(path_);
    EXPECT_LE(journal.cost(), 0.5);
    Bench bench(always(answer_reply("x", 60, 100)), s, &journal);
    EXPECT_EQ(bench.ask(100'000), ExitCode::stopped);
    sent += bench.network.starts.size();
  }
  EXPECT_LE(static_cast<double>(sent) * s.cost(60, 100), 0.5);
}

TEST_F(WithJournal, AnErrorOfTheCallerLosesNoPaidAnswer) {
  {
    AnswerJournal journal(path_);
    Bench bench(always(answer_reply("x")), bench_settings(), &journal);
    int next = 0, got = 0;
    EXPECT_THROW(
        bench.dispatcher.run(
            [&]() -> std::optional<ChatRequest> {
              return ChatRequest{std::to_string(next), {{Role::user, std::to_string(next++)}}, 0, "p", {}};
            },
            [&](ChatResult) {
              if (++got == 40) throw io_error("disk full");
            },
            [] { return false; }, [](const endpoint::Run&) {}),
        Error);
  }
  EXPECT_EQ(AnswerJournal(path_).size(), 40u);
}

}  // namespace
}  // namespace film::endpoint
