// The DATA folder that film synth leaves.
#include "film/folders/data_folder.h"

#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/manifest.h"
#include "film/corpus/store.h"

namespace film::folders {
namespace {

using support::code_of;
using support::models;
using support::plant;
using support::SynthCase;
using testing::HasSubstr;

TEST(DataFolder, ContextTokensAreTheEncodingOfItsText) {
  for (const fs::path& model : models()) {
    SynthCase c(model);
    plant(c.settings);
    c.settings.contexts.kinds = {110, 30, 15};
    if (model != support::small_model()) c.settings.contexts.target = {200, 700};
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

TEST(DataFolder, FindsATokenizerThatWasNamedByARelativePath) {
  SynthCase c;
  const fs::path here = fs::current_path();
  fs::copy_file(support::small_model(), c.folder / "own.model");
  fs::current_path(c.folder.path());
  c.settings.tokenizer = "own.model";
  c.run("data");
  fs::current_path(here);
  const DataFolder data(c.folder / "data");
  EXPECT_EQ(data.tokenizer().sha256(), data.facts().tokenizer.sha256);
  fs::rename(c.folder / "own.model", c.folder / "moved.model");
  EXPECT_THAT(support::failure_of([&] { static_cast<void>(data.tokenizer()); }),
              testing::AllOf(HasSubstr("66 the tokenizer that "), HasSubstr("own.model"),
                             HasSubstr("--set tokenizer=FILE")));
  EXPECT_EQ(data.tokenizer((c.folder / "moved.model").string()).sha256(), data.facts().tokenizer.sha256);
}

TEST(DataFolder, SplitsShareNoDocument) {
  SynthCase c;
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
  std::map<Split, int> contexts;
  for (const Context& context : data.contexts()) {
    ++contexts[context.split];
    for (const std::uint32_t segment : context.segments)
      EXPECT_EQ(split_of_segment[segment], name_of(context.split));
  }
  EXPECT_EQ(contexts, (std::map<Split, int>{{Split::train, 60}, {Split::validation, 20}, {Split::test, 20}}));
}

TEST(DataFolder, KnowsItsNeedles) {
  SynthCase c;
  plant(c.settings);
  c.settings.contexts.questions_per_context = 0;
  c.settings.contexts.segments = 6;
  c.run("data");
  const DataFolder data(c.folder / "data");
  const text::Tokenizer tokenizer = text::Tokenizer::load(support::small_model());
  EXPECT_EQ(data.tokenizer_sha256(), tokenizer.sha256());
  for (const Context& context : data.contexts()) {
    const auto texts = data.segment_texts(context, tokenizer);
    for (std::uint32_t i = 0; i < context.segments.size(); ++i) {
      const Needle* needle = data.needle(context.segments[i]);
      EXPECT_EQ(needle != nullptr, std::ranges::binary_search(context.evidence, i));
      if (needle != nullptr) {
        EXPECT_THAT(texts[i], HasSubstr(needle->sentence));
      }
    }
  }
}

TEST(DataFolder, NoticesDamage) {
  SynthCase c;
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
      [&](const std::string& text) {         // in step with the manifest, so that the text is read
        fs::remove(data / "settings.json");  // which knows the manifest by its hash
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

// The same size and times: only the content tells.
TEST(DataFolder, NoticesAnEditOfEveryFile) {
  SynthCase c;
  plant(c.settings);
  c.settings.corpus.part_tokens = 1'000'000;
  c.run("data");
  const fs::path data = c.folder / "data";
  std::size_t files = 0;
  const std::vector<ManifestFile> listed = Manifest::read(data / "manifest.json").files();
  for (const ManifestFile& entry : listed) {
    const fs::path file = data / entry.path;
    const std::string whole = read_file(file);
    std::string edited = whole;
    const bool text = file.extension() == ".jsonl";
    edited[text ? edited.rfind('"') - 1 : edited.size() / 48 * 24 + 20] ^=
        1;  // a letter; a token or a line's number
    const auto time = fs::last_write_time(file);
    write_file(file, edited);
    fs::last_write_time(file, time);
    EXPECT_THAT(support::failure_of([&] { DataFolder(data).require_unchanged(); }),
                HasSubstr("65 " + file.string()));
    write_file(file, whole);
    ++files;
  }
  EXPECT_GE(files, 6u);
  DataFolder(data).require_unchanged();
}

TEST(DataFolder, RefusesUnknownContextsAndMissingQuestions) {
  SynthCase c;
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
}  // namespace film::folders
