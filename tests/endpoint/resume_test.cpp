// kill -9 at random points, many requests in bounded memory, and another client's word on the test server.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <set>
#include <thread>

#include "../support/test_server.h"
#include "endpoint/journal.h"
#include "film/base/lines.h"
#include "film/base/random.h"
#include "film/base/sha256.h"

namespace film::endpoint {
namespace {

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  return 0;
}

std::vector<std::string> questions(int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back("question " + std::to_string(i));
  return texts;
}

std::multiset<std::string> lines_of(const fs::path& path) {
  std::multiset<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.insert(line);
  return lines;
}

// The server's names of the questions that a journal holds.
std::set<std::string> journalled(const fs::path& journal) {
  std::set<std::string> names;
  if (!fs::exists(journal)) return names;
  AnswerJournal repaired(journal);  // cuts the torn tail first
  for_each_record(journal, [&](const Json& record, const std::string&) {
    names.insert(sha256("question " + record.at("id").get<std::string>()).substr(0, 16));
  });
  return names;
}

TEST(Resume, KilledAtRandomPointsNothingJournalledIsAskedTwice) {
  const fs::path folder = fs::path(testing::TempDir()) / ("film_kill_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const fs::path journal = folder / "journal.jsonl", answers = folder / "answers";
  TestServer server({"--chaos", "0.05", "--latency", "0.002", "--answers", answers});
  EndpointSettings settings = quick_settings(server.url());
  settings.max_attempts = 20;
  settings.retry_share = 1;
  settings.give_up_after = 100;
  const int count = 2000, wanted_kills = 12;
  Random random(7, "kill");
  int kills = 0;
  for (bool done = false; !done;) {
    const std::set<std::string> known = journalled(journal);
    const auto served = lines_of(answers);
    const pid_t child = ::fork();
    if (child == 0) ::_exit(static_cast<int>(ask_all(settings, questions(count), journal).code));
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + random.below(150)));
    if (kills < wanted_kills && ::kill(child, SIGKILL) == 0) ++kills;
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    done = WIFEXITED(status);
    EXPECT_EQ(done ? WEXITSTATUS(status) : 0, 0);
    const auto served_now = lines_of(answers);
    for (const std::string& name : known)
      ASSERT_EQ(served_now.count(name), served.count(name)) << "asked twice";
  }
  const Asked again = ask_all(settings, questions(count), journal);
  EXPECT_EQ(again.report.from_journal, static_cast<std::uint64_t>(count));
  EXPECT_EQ(again.report.attempts, 0u);
  std::set<std::string> texts;
  for (const ChatResult& r : again.results) texts.insert(r.text);
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(count));
  const std::size_t lost = lines_of(answers).size() - count;
  EXPECT_LE(lost, static_cast<std::size_t>(kills * settings.max_in_flight));
  std::cout << kills << " kills, " << lost << " answers lost on their way\n";
  fs::remove_all(folder);
}

TEST(Bulk, TwentyThousandRequestsInFlatMemory) {
  TestServer server;
  EndpointSettings settings = quick_settings(server.url());
  EndpointClient client(settings);
  const int count = 20'000;
  int next = 0, got = 0;
  std::size_t warm = 0, most = 0;
  const EndpointReport report = client.run(
      [&]() -> std::optional<ChatRequest> {
        if (next == count) return {};
        const std::string id = std::to_string(next++);
        return ChatRequest{id, {{Role::user, "question " + id + std::string(2000, 'x')}}, 0, "", {}};
      },
      [&](ChatResult r) {
        EXPECT_EQ(r.outcome, ChatOutcome::ok) << r.detail;
        if (++got == count / 10) warm = resident_kib();
        if (got > count / 10 && got % 500 == 0) most = std::max(most, resident_kib());
      },
      {});
  EXPECT_EQ(got, count);
  EXPECT_EQ(report.attempts, static_cast<std::uint64_t>(count));
#ifndef __SANITIZE_ADDRESS__  // which keeps freed memory
  EXPECT_LE(most, warm + warm / 10) << "KiB resident";
#endif
  std::cout << static_cast<int>(count / report.seconds) << " requests/s, " << most << " KiB resident\n";
}

TEST(Bulk, AnotherClientAgreesWithTheTestServer) {
  const char* python = std::getenv("FILM_TEST_PYTHON");
  if (python == nullptr || *python == '\0')
    GTEST_SKIP() << "FILM_TEST_PYTHON is not set: run scripts/setup.sh --tests for the peers";
  TestServer server;
  const std::string command = "no_proxy='*' '" + std::string(python) +
                              "' " FILM_SOURCE_DIR "/tests/endpoint/openai_client.py " + server.url();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace film::endpoint
