// film synth as a whole, and the DATA folder it leaves.
#include "film/contexts/synth.h"

#include <gmock/gmock.h>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/contexts/data_folder.h"
#include "support.h"

namespace film::contexts {
namespace {

using testing::HasSubstr;
using testing_corpus::hashes;
using testing_corpus::models;
using testing_corpus::TempFolder;

// A corpus of 400 documents, and settings over it.
struct Case {
  TempFolder folder;
  SynthSettings settings;

  explicit Case(const fs::path& model = testing_corpus::small_model()) {
    std::string lines;
    for (std::uint64_t i = 0; i < 400; ++i) {
      Random random(i, "corpus");
      lines += to_line(Json{{"text", testing_corpus::random_text(random, 5 + random.below(40))}}) + "\n";
    }
    settings.corpus.inputs.paths = {folder.put("corpus.jsonl", lines).string()};
    settings.tokenizer = model.string();
    settings.threads = 1;
    settings.corpus.segment.tokens = 64;
    settings.corpus.part_tokens = 5000;
    settings.corpus.split = {0.6, 0.2, 0.2};
    settings.contexts.train = 60;
    settings.contexts.validation = 20;
    settings.contexts.test = 20;
    settings.contexts.target = {400, 1600};
    settings.contexts.document_max = 1000;
  }

  Json run(const std::string& out, std::uint64_t limit = 0) {
    Fields fields;
    settings.describe(fields);
    return synth(settings, {folder / out, "synth", fields}, limit);
  }
};

void plant(SynthSettings& settings) {
  settings.corpus.records.share = 0.4;
  settings.corpus.records.attributes = {
      {"river", {"amber", "silver"}}, {"tower", {"seven"}}, {"lamp", {"oil"}}};
}

template <class Call>
ExitCode code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ExitCode::ok;
}

TEST(Synth, ThreadsDoNotChangeABit) {
  Case c;
  plant(c.settings);
  c.settings.contexts.kinds = {110, 30, 15};
  c.run("one");
  c.settings.threads = 4;
  c.run("four");
  EXPECT_EQ(hashes(c.folder / "one"), hashes(c.folder / "four"));
  c.settings.seed = 2;
  c.run("other");
  EXPECT_NE(hashes(c.folder / "one"), hashes(c.folder / "other"));
}

TEST(Synth, ContextTokensAreTheEncodingOfItsText) {
  for (const fs::path& model : models()) {
    Case c(model);
    plant(c.settings);
    c.settings.contexts.kinds = {110, 30, 15};
    if (model != testing_corpus::small_model()) c.settings.contexts.target = {200, 700};
    c.run("data");
    const text::Tokenizer tokenizer = text::Tokenizer::load(model);
    const DataFolder data(c.folder / "data");
    ASSERT_EQ(data.contexts().size(), 100u);
    for (const Context& context : data.contexts()) {
      std::string text;
      for (const std::string& segment : data.segment_texts(context, tokenizer))
        text += (text.empty() ? "" : "\n") + segment;
      const text::TokenIds ids = data.tokens(context);
      EXPECT_EQ(ids.size(), context.tokens);
      ASSERT_EQ(ids, tokenizer.encode_continuation(text)) << context.id;
    }
  }
}

TEST(Synth, SplitsShareNoDocument) {
  Case c;
  c.run("data");
  std::vector<std::string> split_of_segment;
  for (std::size_t part = 0;; ++part) {
    const fs::path file = c.folder / "data" / corpus::part_path("documents", part, ".jsonl");
    if (!fs::exists(file)) break;
    for_each_record(file, [&](const Json& row, const std::string&) {
      split_of_segment.insert(split_of_segment.end(), row.at("segments").get<std::size_t>(), row.at("split"));
    });
  }
  const DataFolder data(c.folder / "data");
  ASSERT_EQ(split_of_segment.size(), data.segment_count());
  std::map<std::string, int> contexts;
  for (const Context& context : data.contexts()) {
    ++contexts[context.split];
    for (const std::uint64_t segment : context.segments) EXPECT_EQ(split_of_segment[segment], context.split);
  }
  EXPECT_EQ(contexts, (std::map<std::string, int>{{"train", 60}, {"validation", 20}, {"test", 20}}));
}

TEST(Synth, FinishedFoldersAreLeftAloneAndOthersRefused) {
  Case c;
  c.run("data");
  const fs::path file = c.folder / "data/contexts/part-00000.jsonl";
  const auto before = fs::last_write_time(file);
  c.settings.threads = 3;  // free to change
  c.run("data");
  EXPECT_EQ(fs::last_write_time(file), before);
  c.settings.seed = 9;
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
  c.settings.seed = 1;
  EXPECT_EQ(code_of([&] { c.run("data", 50); }), ExitCode::config);
  write_file(c.settings.corpus.inputs.paths[0], "{\"text\":\"another corpus\"}\n");
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
}

TEST(Synth, ARunThatWasKilledIsDoneAgainWithTheSameBytes) {
  Case c;
  c.run("whole");
  c.run("killed");
  // As a kill leaves it: no manifest, some files, some half-written ones.
  fs::remove(c.folder / "killed/manifest.json");
  fs::remove(c.folder / "killed/segments/part-00001.tokens");
  write_file(c.folder / "killed/segments/part-00001.tokens.part", "half");
  c.run("killed");
  EXPECT_EQ(hashes(c.folder / "killed"), hashes(c.folder / "whole"));
}

TEST(Synth, LimitMakesASmallOne) {
  Case c;
  c.settings.contexts.validation = c.settings.contexts.test = 0;
  const Json manifest = c.run("data", 100);
  EXPECT_EQ(manifest.at("corpus").at("documents"), 100);
}

TEST(Synth, SummaryShowsWhatTheManifestHolds) {
  Case c;
  const std::string text = synth_summary(c.run("data"));
  EXPECT_THAT(text, HasSubstr("validation"));
  EXPECT_THAT(text, HasSubstr("Context lengths"));
  EXPECT_THAT(text, HasSubstr("chi-square"));
}

TEST(DataFolder, KnowsItsRecords) {
  Case c;
  plant(c.settings);
  c.settings.contexts.questions_per_context = 0;
  c.settings.contexts.segments = 6;
  c.run("data");
  const DataFolder data(c.folder / "data");
  const text::Tokenizer tokenizer = text::Tokenizer::load(testing_corpus::small_model());
  EXPECT_EQ(data.tokenizer_sha256(), tokenizer.sha256());
  for (const Context& context : data.contexts()) {
    const auto texts = data.segment_texts(context, tokenizer);
    for (std::uint32_t i = 0; i < context.segments.size(); ++i) {
      const PlantedRecord* record = data.planted(context.segments[i]);
      EXPECT_EQ(record != nullptr, std::ranges::binary_search(context.evidence, i));
      if (record != nullptr) {
        EXPECT_THAT(texts[i], HasSubstr(record->sentence));
      }
    }
  }
}

TEST(DataFolder, NoticesDamage) {
  Case c;
  c.run("data");
  const fs::path data = c.folder / "data";
  const auto code = [&] { return code_of([&] { const DataFolder folder(data); }); };
  EXPECT_EQ(code(), ExitCode::ok);
  const fs::path tokens = data / "segments/part-00000.tokens", contexts = data / "contexts/part-00000.jsonl";
  const std::string whole = read_file(tokens), recipes = read_file(contexts);
  fs::resize_file(tokens, whole.size() - 2);
  EXPECT_EQ(code(), ExitCode::bad_data);
  write_file(tokens, whole);
  const auto put_recipes =
      [&](const std::string& text) {  // in step with the manifest, so that the text is read
        Json manifest = read_json(data / "manifest.json");
        for (Json& entry : manifest["files"])
          if (entry["path"] == "contexts/part-00000.jsonl") entry["bytes"] = text.size();
        write_file(data / "manifest.json", to_pretty(manifest));
        write_file(contexts, text);
      };
  for (const char* key : {"\"segments\":[", "\"evidence\":[", "\"id\":"}) {
    std::string wrong = recipes;
    wrong.insert(wrong.find(key) + std::string(key).size(), "99999");
    put_recipes(wrong);
    EXPECT_EQ(code(), ExitCode::bad_data) << key;
  }
  put_recipes(recipes);
  write_file(contexts, recipes.substr(0, recipes.size() / 2));
  EXPECT_EQ(code(), ExitCode::bad_data);
  write_file(contexts, recipes);
  EXPECT_EQ(code(), ExitCode::ok);
  fs::remove(tokens);
  EXPECT_EQ(code(), ExitCode::no_input);
  fs::remove(data / "manifest.json");
  EXPECT_EQ(code(), ExitCode::no_input);
}

TEST(DataFolder, RefusesUnknownContextsAndMissingQuestions) {
  Case c;
  c.run("data");
  const DataFolder data(c.folder / "data");
  EXPECT_EQ(code_of([&] { static_cast<void>(data.context(100)); }), ExitCode::bad_data);
  EXPECT_FALSE(data.has_examples());
  EXPECT_EQ(code_of([&] { static_cast<void>(data.examples()); }), ExitCode::no_input);
  Context longer = data.context(0);
  longer.tokens += 1;
  EXPECT_EQ(code_of([&] { static_cast<void>(data.tokens(longer)); }), ExitCode::bad_data);
}

}  // namespace
}  // namespace film::contexts
