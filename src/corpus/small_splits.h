#pragma once
// Private to the module: a small corpus may leave a split without a document by chance; then it is given some.
#include <cstdint>
#include <vector>

#include "film/base/files.h"
#include "film/corpus/build.h"

namespace film::corpus {

// Which documents change their split: id -> split, ascending. A wanted split with a fraction above 0 and no document (of
// parts: fewer than `needs.documents`) gets `needs.documents` of them from the split that has the most, all copies of a
// text together, as long as that keeps as many. Which ones depends on the seed and their texts (`keys`, of each document) alone.
std::vector<std::pair<std::uint64_t, Split>> fill_empty_splits(const CorpusIndex& index,
                                                               const std::vector<std::uint64_t>& keys,
                                                               const SplitSettings& settings,
                                                               const CorpusNeeds& needs, std::uint64_t seed);

// Writes the new splits into documents/part-*.jsonl.
void rewrite_splits(const fs::path& data, const std::vector<std::pair<std::uint64_t, Split>>& moves);

}  // namespace film::corpus
