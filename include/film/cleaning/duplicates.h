#pragma once
// De-duplication: of documents that are the same or nearly so, the first in corpus order stays.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "film/cleaning/settings.h"

namespace film::cleaning {

inline constexpr std::size_t kMinima =
    112;  // 14 bands of 8: pairs of Jaccard 0.8 become candidates in 92 % of cases

// MinHash (Broder 1997) over the word 5-grams of a text: the least value of each of kMinima hash functions. Two texts
// agree in a minimum with the probability of their Jaccard similarity.
struct Fingerprint {
  std::uint64_t key = 0;  // hash of the text as it is
  std::array<std::uint32_t, kMinima> minima{};
  bool empty = true;  // no words, or minima were not asked for
};

// `key`: hash of the text. Without `near` only that. May be called from many threads at once.
Fingerprint fingerprint(std::string_view text, std::uint64_t key, bool near);

// Remembers what was kept: 8 bytes a document, and about 700 with settings.near.
class DuplicateFinder {
 public:
  explicit DuplicateFinder(const DuplicateSettings& settings);
  ~DuplicateFinder();

  struct Match {
    std::uint64_t document = 0;  // that was kept
    bool exact = false;
  };
  // The document kept before that this one repeats. Near ones are estimated from the minima; a document is compared with
  // those kept, so no chain of small differences leads from one to the next.
  std::optional<Match> match(const Fingerprint& print) const;
  void keep(const Fingerprint& print, std::uint64_t document);  // `document`: rising numbers

 private:
  class Bands;
  const DuplicateSettings settings_;
  std::unique_ptr<Bands> bands_;
};

}  // namespace film::cleaning
