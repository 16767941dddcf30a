// Small corpora: no split that is wanted stays empty by chance; others keep their documents.
#include "corpus/small_splits.h"

#include <gmock/gmock.h>

namespace film::corpus {
namespace {

using Moves = std::vector<std::pair<std::uint64_t, Split>>;

CorpusIndex index_of(const std::vector<Split>& splits) {
  CorpusIndex index;
  index.split = splits;
  return index;
}

std::vector<std::uint64_t> different_texts(std::size_t documents) {
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < documents; ++i) keys.push_back(document_key(std::to_string(i)));
  return keys;
}

Moves moves(const CorpusIndex& index, const std::vector<std::uint64_t>& keys, const CorpusNeeds& needs,
            std::uint64_t seed = 1, const SplitSettings& settings = {}) {
  return fill_empty_splits(index, keys, settings, needs, seed);
}

TEST(SmallSplits, EmptyOnesAreGivenDocuments) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Moves made =
        moves(index_of(std::vector(20, Split::train)), different_texts(20), {{2, 2, 2}, true}, seed);
    std::map<Split, int> counts;
    for (const auto& [document, split] : made) ++counts[split];
    EXPECT_EQ(counts, (std::map<Split, int>{{Split::validation, 2}, {Split::test, 2}})) << seed;
  }
}

TEST(SmallSplits, NothingElseChanges) {
  const std::vector<Split> mixed = {Split::train, Split::test, Split::train, Split::validation, Split::train};
  EXPECT_TRUE(moves(index_of(mixed), different_texts(5), {{2, 2, 2}, true}).empty());
  const CorpusIndex all_train = index_of(std::vector(9, Split::train));
  EXPECT_TRUE(moves(all_train, different_texts(9), {{1, 0, 0}, true}).empty()) << "not wanted";
  EXPECT_TRUE(moves(all_train, {}, {{1, 1, 1}, true}).empty()) << "a large corpus";
  EXPECT_TRUE(moves(all_train, different_texts(9), {{1, 1, 1}, true}, 1, {1, 0, 0}).empty()) << "no fraction";
  EXPECT_TRUE(moves(index_of({Split::train}), different_texts(1), {{1, 1, 1}, true}).empty())
      << "nothing to give";
}

TEST(SmallSplits, CopiesStayTogether) {
  std::vector<std::uint64_t> keys = different_texts(12);
  for (const std::size_t copy : {3u, 7u, 11u}) keys[copy] = keys[0];
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    std::vector<Split> splits(12, Split::train);
    for (const auto& [document, split] : moves(index_of(splits), keys, {{2, 0, 1}, false}, seed))
      splits[document] = split;
    for (const std::size_t copy : {3u, 7u, 11u}) EXPECT_EQ(splits[copy], splits[0]);
    EXPECT_GE(std::ranges::count(splits, Split::test), 1);
  }
}

TEST(SmallSplits, PartsOfOneTextGetAsManyAsContextsNeed) {
  CorpusIndex parts =
      index_of({Split::train, Split::train, Split::train, Split::test, Split::train, Split::train});
  parts.continues = {false, true, true, true, true, true};
  EXPECT_EQ(moves(parts, different_texts(6), {{2, 0, 2}, true}).size(), 1u);  // one is there: one more
}

}  // namespace
}  // namespace film::corpus
