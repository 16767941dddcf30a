#include "film/cleaning/duplicates.h"

#include <algorithm>

#include "film/base/random.h"
#include "flat_table.h"
#include "normalized_words.h"

namespace film::cleaning {
namespace {

constexpr std::size_t kShingle = 5, kRows = 8, kBands = kMinima / kRows;

using Minima = std::array<std::uint32_t, kMinima>;

// x -> a x + b, modulo 2^32 with odd a, is a permutation of 32 bits.
struct Permutations {
  Minima a{}, b{};
  Permutations() {
    Random random(1, "minhash");
    for (std::size_t i = 0; i < kMinima; ++i) {
      a[i] = static_cast<std::uint32_t>(random.bits()) | 1;
      b[i] = static_cast<std::uint32_t>(random.bits());
    }
  }
};

Minima minima_of(const WindowHashes& shingles) {
  static const Permutations permutations;
  Minima minima;
  minima.fill(UINT32_MAX);
  for (const std::uint64_t shingle : shingles) {
    const auto x = static_cast<std::uint32_t>(shingle >> 32 ^ shingle);
    for (std::size_t i = 0; i < kMinima; ++i)
      minima[i] = std::min(minima[i], permutations.a[i] * x + permutations.b[i]);
  }
  return minima;
}

std::uint64_t band_key(const Fingerprint& print, std::size_t band) {
  std::uint64_t key = 0x9E3779B97F4A7C15u + band;
  for (std::size_t row = 0; row < kRows; ++row) {
    key = (key ^ print.minima[band * kRows + row]) * 0xff51afd7ed558ccdu;
    key ^= key >> 32;
  }
  return key;
}

}  // namespace

Fingerprint fingerprint(std::string_view text, std::uint64_t key, bool near) {
  Fingerprint print;
  print.key = key;
  if (!near) return print;
  const NormalizedWords words(text);
  if (words.size() == 0) return print;
  print.minima = minima_of(WindowHashes(word_hashes(words), std::min(kShingle, words.size())));
  print.empty = false;
  return print;
}

// What is kept of the documents: a table for whole texts, one for each band, and 16 bits of each minimum.
class DuplicateFinder::Bands {
 public:
  std::optional<std::uint64_t> same(const Fingerprint& print) const {
    std::optional<std::uint64_t> found;
    texts_.any_of(print.key, [&](std::uint64_t document) {
      found = document;
      return true;
    });
    return found;
  }

  // The first of the candidates that is alike enough.
  std::optional<std::uint64_t> alike(const Fingerprint& print, double least) const {
    std::optional<std::uint64_t> found;
    for (std::size_t band = 0; band < kBands; ++band)
      tables_[band].any_of(band_key(print, band), [&](std::uint64_t place) {
        if (similarity(print, place) >= least && (!found || documents_[place] < *found))
          found = documents_[place];
        return false;
      });
    return found;
  }

  void keep_text(const Fingerprint& print, std::uint64_t document) { texts_.insert(print.key, document); }

  void keep_minima(const Fingerprint& print, std::uint64_t document) {
    const std::uint64_t place = documents_.size();
    documents_.push_back(document);
    for (const std::uint32_t minimum : print.minima) low_bits_.push_back(static_cast<std::uint16_t>(minimum));
    for (std::size_t band = 0; band < kBands; ++band) tables_[band].insert(band_key(print, band), place);
  }

 private:
  double similarity(const Fingerprint& print, std::uint64_t place) const {
    std::size_t equal = 0;
    for (std::size_t i = 0; i < kMinima; ++i)
      equal += low_bits_[place * kMinima + i] == static_cast<std::uint16_t>(print.minima[i]) ? 1 : 0;
    return static_cast<double>(equal) / kMinima;
  }

  FlatTable texts_;
  std::array<FlatTable, kBands> tables_;
  std::vector<std::uint64_t> documents_;  // by place
  std::vector<std::uint16_t> low_bits_;   // kMinima of each place
};

DuplicateFinder::DuplicateFinder(const DuplicateSettings& settings)
    : settings_(settings), bands_(std::make_unique<Bands>()) {}

DuplicateFinder::~DuplicateFinder() = default;

std::optional<DuplicateFinder::Match> DuplicateFinder::match(const Fingerprint& print) const {
  if (settings_.exact)
    if (const auto document = bands_->same(print)) return Match{*document, true};
  if (settings_.near > 0 && !print.empty)
    if (const auto document = bands_->alike(print, settings_.near)) return Match{*document, false};
  return std::nullopt;
}

void DuplicateFinder::keep(const Fingerprint& print, std::uint64_t document) {
  if (settings_.exact) bands_->keep_text(print, document);
  if (settings_.near > 0 && !print.empty) bands_->keep_minima(print, document);
}

}  // namespace film::cleaning
