#pragma once
// Private to the module: segments that share telling words, found by these words.
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace film::contexts {

inline constexpr std::size_t kKeyTerms = 6;  // of a segment in the index

// An inverted index of segments by the kKeyTerms rarest terms of each (text/terms.h) that are in `least` segments or more and in
// half of them at most. It takes 30 bytes a segment beside its table of up to 128 MiB; while it is made 24 more, and up to 16
// for counting. The same for any number of threads.
class TermIndex {
 public:
  // Called twice a segment, from many threads at once.
  using TermsOf = std::function<std::vector<std::uint32_t>(std::uint32_t segment)>;
  // `segments`: ascending. Throws stopped.
  TermIndex(const std::vector<std::uint32_t>& segments, std::uint64_t least, int threads,
            const TermsOf& terms_of);

  std::uint64_t segments() const { return segments_; }
  // The segments that have the term among their keys, as positions for segment_at(): first, and one past the last.
  std::pair<std::uint64_t, std::uint64_t> with(std::uint32_t term) const;
  std::uint32_t segment_at(std::uint64_t position) const { return postings_[position]; }

 private:
  std::uint32_t bucket_of(std::uint32_t term) const { return term >> (32 - bits_); }
  // The bits of a term behind those of its bucket.
  std::uint8_t rest_of(std::uint32_t term) const { return static_cast<std::uint8_t>(term >> (24 - bits_)); }
  void fill(const std::vector<std::uint32_t>& segments, const std::vector<std::uint32_t>& keys);
  void sort_bucket(std::uint32_t bucket);

  std::uint64_t segments_ = 0;
  std::uint32_t bits_ = 8;
  std::vector<std::uint64_t> begins_;    // of each bucket's postings, and the end of the last
  std::vector<std::uint32_t> postings_;  // segments; in a bucket by rest, then ascending
  std::vector<std::uint8_t> rests_;      // parallel
};

}  // namespace film::contexts
