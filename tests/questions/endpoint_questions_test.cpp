// film qa with an endpoint: the test server answers from the evidence; killed, resumed and with faults it
// gives the same bytes.
#include <fstream>
#include <set>
#include <thread>

#include "../support/test_server.h"
#include "film/base/lines.h"
#include "film/base/random.h"
#include "film/questions/qa.h"
#include "film/questions/sentences.h"

namespace film::questions {
namespace {

constexpr std::uint64_t kContexts = 300;

// Segment s holds two sentences of its own; context i: evidence and two fillers. Every tenth evidence holds
// nothing to ask about.
std::string segment_text(std::uint64_t s) {
  if (s % 10 == 7) return "- link\n- link";
  const std::string n = std::to_string(s);
  return "House " + n + " of the old town was built by mason number " + n + " in the year " +
         std::to_string(1200 + s) + ". Its roof of slate number " + n +
         " was carried over the hill by forty mules.";
}

QaSource source() {
  QaSource source;
  source.contexts = kContexts;
  source.context = [](std::uint64_t id) {
    Context context;
    context.id = id;
    context.kind = id % 3 == 2 ? ContextKind::integration : ContextKind::fine_grained;
    context.split = id % 5 == 0 ? "validation" : "train";
    context.segments = {3 * id + 2, 3 * id, 3 * id + 1};
    context.evidence = context.kind == ContextKind::integration ? std::vector<std::uint32_t>{0, 1, 2}
                                                                : std::vector<std::uint32_t>{1};
    return context;
  };
  source.texts = [](const Context& context, const std::vector<std::uint32_t>& positions) {
    std::vector<std::string> texts;
    for (const std::uint32_t p : positions) texts.push_back(segment_text(context.segments[p]));
    return texts;
  };
  source.identity = "test";
  return source;
}

QaSettings qa_settings(const std::string& url) {
  QaSettings settings;
  settings.generator = "endpoint";
  settings.spares = 0.2;
  settings.endpoint = endpoint::quick_settings(url);
  settings.endpoint.service = "test service";  // the port changes from run to run
  settings.prompts = {FILM_SOURCE_DIR "/configs/prompts/fine_grained.txt",
                      FILM_SOURCE_DIR "/configs/prompts/integration.txt",
                      FILM_SOURCE_DIR "/configs/prompts/banned.txt"};
  return settings;
}

Json run(const std::string& url, const fs::path& out, double spares = 0.2) {
  QaSettings settings = qa_settings(url);
  settings.spares = spares;
  Fields fields;
  settings.describe(fields);
  settings.endpoint.max_attempts = 20, settings.endpoint.retry_share = 1,
  settings.endpoint.give_up_after = 100;
  return write_questions(source(), settings, {out, "qa", fields}, 0);
}

class EndpointQuestions : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  std::vector<Example> examples(const fs::path& out) {
    std::vector<Example> all;
    for_each_record(out / "examples.jsonl", [&](const Json& json, const std::string& where) {
      all.push_back(example_from_json(json, where));
    });
    return all;
  }
  fs::path folder_ = fs::path(testing::TempDir()) / ("film_endpoint_qa_" + std::to_string(::getpid()));
};

TEST_F(EndpointQuestions, EveryKindGetsItsNumberAndAnswersStandInTheirEvidence) {
  endpoint::TestServer server({"--qa"});
  const Json manifest = run(server.url(), folder_ / "a");
  for (const auto& [name, group] : manifest.at("groups").items())
    EXPECT_EQ(group.at("kept"), group.at("wanted")) << name;
  EXPECT_GT(manifest.at("rejected").at("count").get<int>(), 10);
  const QaSource from = source();
  std::uint64_t last = 0;
  for (const Example& example : examples(folder_ / "a")) {
    EXPECT_TRUE(example.context >= last);
    last = example.context;
    const Context context = from.context(example.context);
    ASSERT_EQ(example.questions.size(), 1u);
    const Question& q = example.questions[0];
    EXPECT_EQ(q.evidence.size(), context.kind == ContextKind::integration ? 2u : 1u);
    EXPECT_EQ(q.labels.at("model"), "test-model");
    EXPECT_EQ(q.labels.at("prompt").get<std::string>().size(), 16u);
    const std::string first_words = q.answer.substr(0, q.answer.find(" / "));
    std::string evidence;
    for (const std::string& text : from.texts(context, q.evidence)) evidence += flatten(text) + " ";
    EXPECT_NE(evidence.find(first_words), std::string::npos) << q.answer << " | " << evidence;
  }
  EXPECT_EQ(run(server.url(), folder_ / "a"), manifest);  // finished: left alone
}

TEST_F(EndpointQuestions, KilledResumedAndDisturbedItGivesTheSameBytes) {
  endpoint::TestServer calm({"--qa"}), rough({"--qa", "--chaos", "0.1", "--latency", "0.01"});
  run(calm.url(), folder_ / "calm");
  Random random(3, "kill");
  int kills = 0;
  for (bool done = false; !done;) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        run(rough.url(), folder_ / "rough");
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        ::_exit(1);
      }
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random.below(120)));
    if (kills < 6 && ::kill(child, SIGKILL) == 0) ++kills;
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    done = WIFEXITED(status);
    ASSERT_TRUE(!done || WEXITSTATUS(status) == 0);
  }
  for (const char* file : {"examples.jsonl", "rejected.jsonl"})
    EXPECT_EQ(read_file(folder_ / "calm" / file), read_file(folder_ / "rough" / file)) << file;
  std::set<std::string> keys;  // every question was journalled once
  for_each_record(folder_ / "rough" / "journal.jsonl", [&](const Json& json, const std::string&) {
    EXPECT_TRUE(keys.insert(json.at("key").get<std::string>()).second);
  });
}

TEST_F(EndpointQuestions, AnotherPromptIsAnotherRun) {
  endpoint::TestServer server({"--qa"});
  run(server.url(), folder_ / "p");
  QaSettings settings = qa_settings(server.url());
  settings.prompts.fine_grained = folder_ / "mine.txt";
  Fields fields;
  settings.describe(fields);
  std::ofstream(settings.prompts.fine_grained) << "Ask about this.\n# Text:\n{evidence}\n";
  try {
    write_questions(source(), settings, {folder_ / "p", "qa", fields}, 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("prompts"), std::string::npos) << error.what();
  }
  std::ofstream(settings.prompts.fine_grained) << "no place for the text";
  EXPECT_THROW(write_questions(source(), settings, {folder_ / "q", "qa", fields}, 0), Error);
}

TEST_F(EndpointQuestions, WithoutSparesRejectsMakeAKindShortAndSayIt) {
  endpoint::TestServer server({"--qa"});
  testing::internal::CaptureStderr();
  const Json manifest = run(server.url(), folder_ / "s", 0);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("no spare contexts are left"), std::string::npos);
  EXPECT_LT(manifest.at("examples").at("count").get<std::uint64_t>(), kContexts);
}

}  // namespace
}  // namespace film::questions
