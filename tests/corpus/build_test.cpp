// Corpus -> segment store as a whole.
#include "film/corpus/build.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/corpus/store.h"

namespace film::corpus {
namespace {

using support::hashes;
using support::random_text;
using support::TempFolder;
using testing::HasSubstr;

const text::Tokenizer& tokenizer() {
  static const text::Tokenizer loaded = text::Tokenizer::load(support::small_model());
  return loaded;
}

// 300 documents in three JSONL files and a folder, with some rejects.
CorpusSettings make_corpus(const TempFolder& folder) {
  CorpusSettings settings;
  std::uint64_t seed = 0;
  for (const char* name : {"a.jsonl", "b.jsonl", "c.jsonl"}) {
    std::string lines = "not json\n";
    for (int i = 0; i < 90; ++i) {
      Random random(seed++, "corpus");
      lines += to_line(Json{{"text", random_text(random, random.below(40))}}) + "\n";
    }
    settings.inputs.push_back(folder.put(name, lines).string());
  }
  for (int i = 0; i < 30; ++i) {
    Random random(seed++, "corpus");
    folder.put("docs/" + std::to_string(i) + ".txt", random_text(random, 30));
  }
  settings.inputs.push_back((folder / "docs").string());
  settings.segment.tokens = 40;
  settings.duplicates.exact = false;  // the shortest texts are the same
  settings.needles.fraction = 0.5;
  settings.needles.attributes = {{"river", {"amber", "silver"}}, {"tower", {"seven"}}};
  return settings;
}

CorpusResult build(const CorpusSettings& settings, const fs::path& data, int threads = 1,
                   std::uint64_t limit = 0, std::uint64_t seed = 1) {
  return build_corpus(list_corpus_files(settings), settings, tokenizer(), data, seed, threads, limit);
}

TEST(BuildCorpus, ThreadsDoNotChangeABit) {
  const TempFolder folder;
  const CorpusSettings settings = make_corpus(folder);
  const Json one = to_json(build(settings, folder / "one", 1).facts);
  for (const int threads : {2, 4, 7}) {
    const fs::path data = folder / ("many" + std::to_string(threads));
    EXPECT_EQ(to_json(build(settings, data, threads).facts), one);
    EXPECT_EQ(hashes(data), hashes(folder / "one")) << threads;
  }
  build(settings, folder / "other", 1, 0, 2);
  EXPECT_NE(hashes(folder / "other"), hashes(folder / "one"));
}

TEST(BuildCorpus, IndexAndStoreAgree) {
  const TempFolder folder;
  const CorpusSettings settings = make_corpus(folder);
  const CorpusResult result = build(settings, folder / "data");
  const CorpusIndex& index = result.index;
  const SegmentStore store(folder / "data", 2);
  ASSERT_EQ(store.size(), index.segments());
  EXPECT_EQ(index.documents(), 300u);
  EXPECT_EQ(index.first_segment.back(), index.segments());
  std::map<std::uint64_t, std::string> planted;
  for_each_record(folder / "data/segments/planted.jsonl", [&](const Json& row, const std::string&) {
    planted[row.at("segment")] = row.at("attribute");
  });
  for (std::uint64_t s = 0; s < store.size(); ++s) {
    EXPECT_EQ(store.row(s).tokens, index.tokens[s]);
    EXPECT_EQ(store.row(s).document, index.document[s]);
    const std::uint16_t attribute = index.attribute_of(s);
    EXPECT_EQ(attribute != 0, planted.contains(s));
    if (attribute != 0) {
      EXPECT_EQ(settings.needles.attributes[attribute - 1].name, planted[s]);
    }
  }
  EXPECT_NEAR(static_cast<double>(planted.size()) / static_cast<double>(store.size()), 0.5, 0.07);
  EXPECT_EQ(result.facts.corpus.all.planted, planted.size());
  EXPECT_EQ(result.facts.corpus.rejected.at("bad_json"), 3u);
  EXPECT_EQ(result.facts.corpus.rejected_examples.at(0), "a.jsonl:1: bad_json");
}

// Tokens of a planted segment are those of its text with the sentence, and the sentence is in it.
TEST(BuildCorpus, PlantedTokensAreEncodedTexts) {
  const TempFolder folder;
  CorpusSettings settings = make_corpus(folder);
  settings.needles.fraction = 1;
  build(settings, folder / "data");
  const SegmentStore store(folder / "data", 2);
  for_each_record(folder / "data/segments/planted.jsonl", [&](const Json& row, const std::string&) {
    text::TokenIds ids = tokenizer().encode_continuation("\n");
    store.append_tokens(row.at("segment"), ids);
    const std::string text = tokenizer().decode(ids).substr(1);
    EXPECT_THAT(text, HasSubstr(row.at("sentence").get<std::string>()));
    ids.erase(ids.begin());
    EXPECT_EQ(ids, tokenizer().encode_continuation(text));
  });
}

TEST(BuildCorpus, LimitTakesTheFirstDocuments) {
  const TempFolder folder;
  const CorpusSettings settings = make_corpus(folder);
  const CorpusIndex all = build(settings, folder / "all").index;
  const CorpusIndex some = build(settings, folder / "some", 3, 17).index;
  EXPECT_EQ(some.documents(), 17u);
  EXPECT_TRUE(std::equal(some.tokens.begin(), some.tokens.end(), all.tokens.begin()));
}

TEST(BuildCorpus, EmptyCorpusSaysWhy) {
  const TempFolder folder;
  CorpusSettings settings;
  settings.inputs = {folder.put("x.jsonl", "{\"body\":\"a\"}\n{\"body\":\"b\"}\n").string()};
  try {
    build(settings, folder / "data");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::no_input);
    EXPECT_THAT(error.hint(), HasSubstr("no_text_field 2"));
    EXPECT_THAT(error.hint(), HasSubstr("text_field="));
  }
}

TEST(BuildCorpus, DamagedFileEndsItWithManyThreads) {
  const TempFolder folder;
  CorpusSettings settings = make_corpus(folder);
  std::string lines;
  for (int i = 0; i < 100000; ++i) lines += to_line(Json{{"text", "x" + std::to_string(i * 7919)}}) + "\n";
  const std::string packed = support::gzip(lines);
  settings.inputs.push_back(folder.put("z.jsonl.gz", packed.substr(0, packed.size() - 100)).string());
  EXPECT_THROW(build(settings, folder / "data", 4), Error);
}

TEST(BuildCorpus, RefusesTokenizersThatCannotBeCut) {
  const TempFolder folder;
  const CorpusSettings settings = make_corpus(folder);
  const text::Tokenizer other = text::Tokenizer::load(support::test_data() / "tokenizer/rewriting.model");
  ASSERT_FALSE(other.splits_at_newlines());
  EXPECT_THROW(build_corpus(list_corpus_files(settings), settings, other, folder / "data", 1, 1, 0), Error);
}

TEST(Split, IsKeyedByTextAndKeepsItsShares) {
  SplitSettings settings{0.7, 0.2, 0.1};
  std::array<int, 3> counts{};
  for (int i = 0; i < 10000; ++i)
    ++counts[static_cast<std::size_t>(split_of(document_key("text " + std::to_string(i)), settings, 1))];
  EXPECT_NEAR(counts[0], 7000, 200);
  EXPECT_NEAR(counts[1], 2000, 180);
  EXPECT_NEAR(counts[2], 1000, 140);
  settings = {0.5, 0, 0.5};
  for (int i = 0; i < 1000; ++i)
    EXPECT_NE(split_of(document_key(std::to_string(i)), settings, 1), Split::validation);
}

TEST(Split, KeepsExactCopiesTogether) {
  const TempFolder folder;
  CorpusSettings settings;
  std::string lines;
  for (int copy = 0; copy < 3; ++copy)
    for (int i = 0; i < 60; ++i) lines += to_line(Json{{"text", "Document " + std::to_string(i)}}) + "\n";
  settings.inputs = {folder.put("x.jsonl", lines).string()};
  settings.split = {0.4, 0.3, 0.3};
  settings.duplicates.exact = false;
  const CorpusIndex index = build(settings, folder / "data").index;
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(index.split[i], index.split[i + 60]);
    EXPECT_EQ(index.split[i], index.split[i + 120]);
  }
}

}  // namespace
}  // namespace film::corpus
