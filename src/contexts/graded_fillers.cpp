#include "graded_fillers.h"

#include <algorithm>
#include <unordered_map>

#include "film/text/terms.h"

namespace film::contexts {
namespace {

constexpr std::uint64_t kMostLooked = 1024;  // segments with one word
constexpr std::size_t kMostAsked = 4;        // evidence segments of a context that fillers are like

// Words of one topic are in many segments; those that only a near miss shares may be in two.
std::uint64_t least_segments(FillerGrade grade, std::uint64_t segments) {
  return grade == FillerGrade::near_miss ? 2 : std::clamp<std::uint64_t>(segments / 1000, 2, 64);
}

}  // namespace

FillerSource::FillerSource(const std::vector<std::uint32_t>& segments, FillerGrade grade,
                           const SegmentContent& content, int threads)
    : grade_(grade),
      content_(content),
      index_(segments, least_segments(grade, segments.size()), threads, content.terms) {}

std::vector<std::uint32_t> FillerSource::like(std::uint32_t segment, Random& random) const {
  struct Shared {
    std::uint64_t first = 0, count = 0;
  };
  std::vector<Shared> lists;
  for (const std::uint32_t term : content_.terms(segment)) {
    const auto [first, last] = index_.with(term);
    const bool others = last - first > 1 || (last > first && index_.segment_at(first) != segment);
    if (others) lists.push_back({first, last - first});
  }
  std::ranges::stable_sort(lists, {}, &Shared::count);
  if (grade_ == FillerGrade::near_miss) lists.resize(std::min(lists.size(), kKeyTerms));
  std::unordered_map<std::uint32_t, double> likeness;
  for (const Shared& list : lists) {
    const double weight = text::term_weight(index_.segments(), list.count);
    const std::uint64_t begin = list.count > kMostLooked ? random.below(list.count) : 0;
    for (std::uint64_t i = 0; i < std::min(list.count, kMostLooked); ++i)
      likeness[index_.segment_at(list.first + (begin + i) % list.count)] += weight;
  }
  likeness.erase(segment);
  std::vector<std::uint32_t> found;
  for (const auto& [other, weight] : likeness) found.push_back(other);
  std::ranges::sort(found);
  random.shuffle(found);
  std::ranges::stable_sort(found, std::greater(), [&](std::uint32_t other) { return likeness.at(other); });
  return found;
}

GradedFillers::GradedFillers(const FillerSource& source, std::vector<std::uint32_t> evidence, Random& random)
    : source_(source) {
  for (const std::uint32_t segment : evidence) evidence_.add(source.content().tokens(segment));
  random.shuffle(evidence);
  evidence.resize(std::min(evidence.size(), kMostAsked));
  std::vector<std::vector<std::uint32_t>> found;
  std::size_t longest = 0;
  for (const std::uint32_t segment : evidence) {
    found.push_back(source.like(segment, random));
    longest = std::max(longest, found.back().size());
  }
  for (std::size_t rank = 0; rank < longest; ++rank)
    for (const std::vector<std::uint32_t>& of_one : found)
      if (rank < of_one.size()) queue_.push_back(of_one[rank]);
}

std::optional<std::uint32_t> GradedFillers::next() {
  if (at_ == queue_.size()) return std::nullopt;
  return queue_[at_++];
}

bool GradedFillers::repeats_evidence(std::uint32_t segment) const {
  return evidence_.found_in(source_.content().tokens(segment));
}

}  // namespace film::contexts
