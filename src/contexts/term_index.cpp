#include "term_index.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"

namespace film::contexts {
namespace {

constexpr std::size_t kSegmentsPerBatch = 1024;
constexpr std::uint32_t kNoTerm = 0;  // a term that hashes to 0 is never a key

std::uint32_t bits_for(std::uint64_t count, std::uint32_t least, std::uint32_t most) {
  return std::clamp(static_cast<std::uint32_t>(std::bit_width(count)), least, most);
}

// In how many segments a term is. Terms that share a counter seem more frequent than they are.
class TermCounts {
 public:
  explicit TermCounts(std::uint64_t segments) : counts_(std::size_t{1} << bits_for(2 * segments, 16, 26)) {}
  void add(std::uint32_t term) {
    std::atomic_ref(counts_[term & (counts_.size() - 1)]).fetch_add(1, std::memory_order_relaxed);
  }
  std::uint32_t of(std::uint32_t term) const { return counts_[term & (counts_.size() - 1)]; }

 private:
  std::vector<std::uint32_t> counts_;
};

// kKeyTerms terms, the rarest first, kNoTerm behind them where there are fewer.
void append_keys(const std::vector<std::uint32_t>& terms, const TermCounts& counts, std::uint64_t least,
                 std::uint64_t most, std::vector<std::uint32_t>& keys) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rarest;  // count and term
  for (const std::uint32_t term : terms)
    if (const std::uint32_t count = counts.of(term); count >= least && count <= most && term != kNoTerm)
      rarest.emplace_back(count, term);
  const std::size_t size = std::min(kKeyTerms, rarest.size());
  std::ranges::partial_sort(rarest, rarest.begin() + static_cast<std::ptrdiff_t>(size));
  for (std::size_t i = 0; i < kKeyTerms; ++i) keys.push_back(i < size ? rarest[i].second : kNoTerm);
}

// make(first, last) for batches of segments on many threads; take(result) in order.
template <class Make, class Take>
void in_batches(std::size_t segments, int threads, Progress& progress, Make make, Take take) {
  const std::size_t batches = (segments + kSegmentsPerBatch - 1) / kSegmentsPerBatch;
  const auto make_batch = [&](std::size_t number) {
    const std::size_t first = number * kSegmentsPerBatch;
    return make(first, std::min(segments, first + kSegmentsPerBatch));
  };
  parallel_in_order(batches, threads, make_batch, [&](std::size_t number, auto result) {
    throw_if_stopped("the contexts are not finished");
    progress.advance(std::min(segments - number * kSegmentsPerBatch, kSegmentsPerBatch));
    take(result);
  });
}

}  // namespace

TermIndex::TermIndex(const std::vector<std::uint32_t>& segments, std::uint64_t least, int threads,
                     const TermsOf& terms_of)
    : segments_(segments.size()), bits_(bits_for(segments.size(), 8, 24)) {
  TermCounts counts(segments.size());
  Progress progress("words of segments", 2 * segments.size(), "segments");
  const auto count = [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      for (const std::uint32_t term : terms_of(segments[i])) counts.add(term);
    return last - first;
  };
  in_batches(segments.size(), threads, progress, count, [](std::size_t) {});
  std::vector<std::uint32_t> keys;
  keys.reserve(segments.size() * kKeyTerms);
  const std::uint64_t most = segments.size() / 2;
  const auto choose = [&](std::size_t first, std::size_t last) {
    std::vector<std::uint32_t> chosen;
    for (std::size_t i = first; i < last; ++i)
      append_keys(terms_of(segments[i]), counts, least, most, chosen);
    return chosen;
  };
  in_batches(segments.size(), threads, progress, choose, [&](const std::vector<std::uint32_t>& chosen) {
    keys.insert(keys.end(), chosen.begin(), chosen.end());
  });
  progress.finish();
  fill(segments, keys);
}

// A counting sort by bucket; in a bucket segments stay ascending until it is sorted by the rest of the terms.
void TermIndex::fill(const std::vector<std::uint32_t>& segments, const std::vector<std::uint32_t>& keys) {
  const std::uint32_t buckets = std::uint32_t{1} << bits_;
  begins_.assign(buckets + 1, 0);
  for (const std::uint32_t term : keys)
    if (term != kNoTerm) ++begins_[bucket_of(term) + 1];
  for (std::uint32_t b = 0; b < buckets; ++b) begins_[b + 1] += begins_[b];
  postings_.resize(begins_.back());
  rests_.resize(begins_.back());
  for (std::size_t i = keys.size(); i > 0;
       --i) {  // backwards, so that each begin ends where its bucket begins
    const std::uint32_t term = keys[i - 1];
    if (term == kNoTerm) continue;
    const std::uint64_t at = --begins_[bucket_of(term) + 1];
    postings_[at] = segments[(i - 1) / kKeyTerms];
    rests_[at] = rest_of(term);
  }
  begins_.erase(begins_.begin());
  begins_.push_back(postings_.size());
  for (std::uint32_t b = 0; b < buckets; ++b) sort_bucket(b);
}

void TermIndex::sort_bucket(std::uint32_t bucket) {
  const std::uint64_t begin = begins_[bucket], end = begins_[bucket + 1];
  std::vector<std::pair<std::uint8_t, std::uint32_t>> entries;
  for (std::uint64_t i = begin; i < end; ++i) entries.emplace_back(rests_[i], postings_[i]);
  std::ranges::sort(entries);
  for (std::uint64_t i = begin; i < end; ++i) std::tie(rests_[i], postings_[i]) = entries[i - begin];
}

std::pair<std::uint64_t, std::uint64_t> TermIndex::with(std::uint32_t term) const {
  const std::uint32_t bucket = bucket_of(term);
  const auto first = rests_.begin() + static_cast<std::ptrdiff_t>(begins_[bucket]),
             last = rests_.begin() + static_cast<std::ptrdiff_t>(begins_[bucket + 1]);
  const auto [from, to] = std::equal_range(first, last, rest_of(term));
  return {static_cast<std::uint64_t>(from - rests_.begin()), static_cast<std::uint64_t>(to - rests_.begin())};
}

}  // namespace film::contexts
