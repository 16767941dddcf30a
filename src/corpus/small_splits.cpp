#include "small_splits.h"

#include <algorithm>
#include <map>

#include "film/base/lines.h"
#include "film/base/random.h"
#include "film/corpus/store.h"

namespace film::corpus {
namespace {

double fraction_of(const SplitSettings& settings, Split split) {
  return split == Split::train        ? settings.train
         : split == Split::validation ? settings.validation
                                      : settings.test;
}

using Counts = std::map<Split, std::uint64_t>;

Counts count(const std::vector<Split>& splits) {
  Counts counts;
  for (const Split split : splits) ++counts[split];
  return counts;
}

// Texts (keys) of a split in random order, with how many documents each has.
std::vector<std::pair<std::uint64_t, std::uint64_t>> texts_of(Split split, const std::vector<Split>& splits,
                                                              const std::vector<std::uint64_t>& keys,
                                                              std::uint64_t seed) {
  std::map<std::uint64_t, std::uint64_t> copies;
  for (std::size_t d = 0; d < splits.size(); ++d)
    if (splits[d] == split) ++copies[keys[d]];
  std::vector<std::pair<std::uint64_t, std::uint64_t>> texts(copies.begin(), copies.end());
  std::ranges::sort(texts, {}, [&](const auto& text) {
    return std::pair(Random(seed, "split.small", text.first).uniform(), text.first);
  });
  return texts;
}

}  // namespace

std::vector<std::pair<std::uint64_t, Split>> fill_empty_splits(const CorpusIndex& index,
                                                               const std::vector<std::uint64_t>& keys,
                                                               const SplitSettings& settings,
                                                               const CorpusNeeds& needs, std::uint64_t seed) {
  std::vector<Split> splits = index.split;
  if (keys.empty()) return {};  // a large corpus
  for (const Split split : kSplits) {
    Counts counts = count(splits);
    const std::uint64_t least = needs.documents[static_cast<std::size_t>(split)];
    const std::uint64_t enough = index.continues.empty() ? std::min<std::uint64_t>(1, least) : least;
    if (counts[split] >= enough || fraction_of(settings, split) <= 0) continue;
    const Split donor = std::ranges::max(kSplits, {}, [&](Split s) { return counts[s]; });
    for (const auto& [key, copies] : texts_of(donor, splits, keys, seed)) {
      const std::uint64_t kept = std::max<std::uint64_t>(1, needs.documents[static_cast<std::size_t>(donor)]);
      if (counts[split] >= least || counts[donor] < kept + copies) break;
      for (std::size_t d = 0; d < splits.size(); ++d)
        if (keys[d] == key) splits[d] = split;
      counts[split] += copies;
      counts[donor] -= copies;
    }
  }
  std::vector<std::pair<std::uint64_t, Split>> moves;
  for (std::size_t d = 0; d < splits.size(); ++d)
    if (splits[d] != index.split[d]) moves.emplace_back(d, splits[d]);
  return moves;
}

void rewrite_splits(const fs::path& data, const std::vector<std::pair<std::uint64_t, Split>>& moves) {
  const std::map<std::uint64_t, Split> moved(moves.begin(), moves.end());
  for (std::size_t part = 0;; ++part) {
    const fs::path file = data / part_path("documents", part, ".jsonl");
    if (!fs::exists(file)) return;
    std::string lines;
    for_each_record(file, [&](const Json& line, const std::string& where) {
      DocumentInfo info = from_json<DocumentInfo>(line, where);
      if (const auto found = moved.find(info.id); found != moved.end()) info.split = found->second;
      lines += to_line(to_json(info)) + '\n';
    });
    write_file(file, lines);
  }
}

}  // namespace film::corpus
