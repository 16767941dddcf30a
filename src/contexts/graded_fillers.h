#pragma once
// Private to the module: fillers that are like the evidence of their context.
#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "film/base/random.h"
#include "film/contexts/settings.h"
#include "repeats.h"
#include "term_index.h"

namespace film::contexts {

// What is read of a stored segment. May be called from many threads at once.
struct SegmentContent {
  std::function<text::TokenIds(std::uint32_t segment)> tokens;
  TermIndex::TermsOf terms;
};

// The segments of one split by their words, for one grade.
class FillerSource {
 public:
  // Keeps a reference to `content`.
  FillerSource(const std::vector<std::uint32_t>& segments, FillerGrade grade, const SegmentContent& content,
               int threads);

  // Segments like this one, the most alike first: by the weights of the words that both share, of those among the other's
  // keys. near_miss: only of the rarest words. Ties, and which of very many are looked at, are drawn.
  std::vector<std::uint32_t> like(std::uint32_t segment, Random& random) const;
  const SegmentContent& content() const { return content_; }

 private:
  FillerGrade grade_;
  const SegmentContent& content_;
  TermIndex index_;
};

// The fillers of one context, those like each of its evidence segments in turn.
class GradedFillers {
 public:
  GradedFillers(const FillerSource& source, std::vector<std::uint32_t> evidence, Random& random);
  std::optional<std::uint32_t> next();                 // nothing once there is none
  bool repeats_evidence(std::uint32_t segment) const;  // then it is no filler, random ones too

 private:
  const FillerSource& source_;
  Repeats evidence_;
  std::vector<std::uint32_t> queue_;
  std::size_t at_ = 0;
};

}  // namespace film::contexts
