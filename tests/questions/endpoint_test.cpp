// film qa with an endpoint: the test server answers from the evidence; killed, resumed and with faults it
// gives the same bytes.
#include <fstream>
#include <set>
#include <thread>

#include "../support/small_data.h"
#include "../support/temp_folder.h"
#include "../support/test_server.h"
#include "film/base/lines.h"
#include "film/base/random.h"
#include "film/base/strings.h"
#include "film/questions/qa.h"

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

folders::DataFolder write_data(const fs::path& folder) {
  support::SmallData data;
  for (std::uint32_t s = 0; s < 3 * kContexts; ++s) data.texts.push_back(segment_text(s));
  for (std::uint32_t id = 0; id < kContexts; ++id) {
    Context context;
    context.kind = id % 3 == 2 ? ContextKind::integration : ContextKind::fine_grained;
    context.split = id % 5 == 0 ? Split::validation : Split::train;
    context.segments = {3 * id + 2, 3 * id, 3 * id + 1};
    context.evidence = {1};
    if (context.kind == ContextKind::integration) context.evidence = {0, 1, 2};
    data.contexts.push_back(context);
  }
  return support::write_small_data(folder, data);
}

QaSettings qa_settings(const std::string& url) {
  QaSettings settings;
  settings.generator = GeneratorKind::endpoint;
  settings.endpoint.spares = 0.2;
  settings.endpoint.server = endpoint::quick_settings(url);
  settings.endpoint.server.service = "test service";  // the port changes from run to run
  settings.endpoint.prompts = {FILM_SOURCE_DIR "/configs/prompts/fine_grained.txt",
                               FILM_SOURCE_DIR "/configs/prompts/integration.txt",
                               FILM_SOURCE_DIR "/configs/prompts/banned.txt"};
  return settings;
}

QaFacts run(const folders::DataFolder& data, const std::string& url, const fs::path& out,
            double spares = 0.2) {
  QaSettings settings = qa_settings(url);
  settings.endpoint.spares = spares;
  Fields fields;
  settings.describe(fields);
  settings.endpoint.server.max_attempts = 20;
  settings.endpoint.server.retry_share = 1;
  settings.endpoint.server.give_up_after = 100;
  return write_questions(data, settings, {out, "qa", fields}, 0);
}

class EndpointQuestions : public testing::Test {
 protected:
  std::vector<Example> examples(const fs::path& out) {
    std::vector<Example> all;
    for_each_record(out / "examples.jsonl", [&](const Json& json, const std::string& where) {
      all.push_back(from_json<Example>(json, where));
    });
    return all;
  }
  support::TempFolder folder_;
  const folders::DataFolder data_ = write_data(folder_ / "data");
  const text::Tokenizer tokenizer_ = data_.tokenizer();
};

TEST_F(EndpointQuestions, EveryKindGetsItsNumberAndAnswersStandInTheirEvidence) {
  endpoint::TestServer server({"--qa"});
  const QaFacts facts = run(data_, server.url(), folder_ / "a");
  for (const auto& [name, group] : facts.groups.value()) EXPECT_EQ(group.kept, group.wanted) << name;
  EXPECT_GT(facts.counts.rejected.count, 10u);
  std::uint64_t last = 0;
  for (const Example& example : examples(folder_ / "a")) {
    EXPECT_TRUE(example.context >= last);
    last = example.context;
    const Context context = data_.context(example.context);
    ASSERT_EQ(example.questions.size(), 1u);
    const Question& q = example.questions[0];
    EXPECT_EQ(q.evidence.size(), context.kind == ContextKind::integration ? 2u : 1u);
    EXPECT_EQ(q.labels.at("model"), "test-model");
    EXPECT_EQ(q.labels.at("prompt").get<std::string>().size(), 16u);
    const std::string first_words = q.answer.substr(0, q.answer.find(" / "));
    std::string evidence;
    for (const std::string& text : data_.segment_texts(context, q.evidence, tokenizer_))
      evidence += normalize_whitespace(text) + " ";
    EXPECT_NE(evidence.find(first_words), std::string::npos) << q.answer << " | " << evidence;
  }
  EXPECT_EQ(to_json(run(data_, server.url(), folder_ / "a")), to_json(facts));  // finished: left alone
}

TEST_F(EndpointQuestions, KilledResumedAndDisturbedItGivesTheSameBytes) {
  endpoint::TestServer calm({"--qa"}), rough({"--qa", "--chaos", "0.1", "--latency", "0.01"});
  run(data_, calm.url(), folder_ / "calm");
  Random random(3, "kill");
  int kills = 0;
  for (bool done = false; !done;) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        run(data_, rough.url(), folder_ / "rough");
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
  run(data_, server.url(), folder_ / "p");
  QaSettings settings = qa_settings(server.url());
  settings.endpoint.prompts.fine_grained = folder_ / "mine.txt";
  Fields fields;
  settings.describe(fields);
  std::ofstream(settings.endpoint.prompts.fine_grained) << "Ask about this.\n# Text:\n{evidence}\n";
  try {
    write_questions(data_, settings, {folder_ / "p", "qa", fields}, 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("prompts"), std::string::npos) << error.what();
  }
  std::ofstream(settings.endpoint.prompts.fine_grained) << "no place for the text";
  EXPECT_THROW(write_questions(data_, settings, {folder_ / "q", "qa", fields}, 0), Error);
}

TEST_F(EndpointQuestions, WithoutSparesRejectsMakeAKindShortAndSayIt) {
  endpoint::TestServer server({"--qa"});
  testing::internal::CaptureStderr();
  const QaFacts facts = run(data_, server.url(), folder_ / "s", 0);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("no spare contexts are left"), std::string::npos);
  EXPECT_LT(facts.counts.examples.count, kContexts);
}

}  // namespace
}  // namespace film::questions
