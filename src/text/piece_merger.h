#pragma once
// The merges of a BPE model on one short chunk of text, as SentencePiece does them: the neighbours whose joint piece has the
// best score first, the leftmost of equals. Pieces are numbers here: a merge is one look into a table of pairs.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "film/text/tokenizer.h"
#include "model_file.h"

namespace film::text {

class PieceMerger {
 public:
  static constexpr std::size_t kMostCharacters = 64;
  using Buffer = std::array<TokenId, 4 * kMostCharacters>;  // a character takes four bytes at most

  // For a model that examine() lets be cut. Pieces that the user defined are taken whole before any merge: a model with
  // such pieces is left to SentencePiece, and so is one with more pieces than fit.
  explicit PieceMerger(const ModelFile& file);

  // The ids of a chunk, written to the beginning of `buffer`. Empty where it is not ours: longer, or not UTF-8.
  std::span<const TokenId> merge(std::string_view chunk, Buffer& buffer) const;

 private:
  // A piece's id; beyond the ids, a character that is in pieces but is none itself.
  using Symbol = std::uint32_t;
  static constexpr Symbol kNone = 0xFFFFF;
  class Chunk;
  class Loader;

  Symbol symbol_of(char32_t character) const;
  Symbol merged(Symbol left, Symbol right) const;
  static std::uint64_t pair(Symbol left, Symbol right) { return (std::uint64_t{left} << 20) | right; }
  static std::size_t hash(std::uint64_t key) {
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 32);
  }

  std::array<Symbol, 128> ascii_{};
  std::vector<std::uint64_t> characters_;  // open addressing: the character << 20 | its symbol; 0 = free
  std::vector<std::uint64_t> pairs_;       // open addressing: both symbols << 20 | the merged one; 0 = free
  std::vector<std::uint32_t> ranks_;       // of pieces: 0 has the best score, equals share one
  std::array<TokenId, 256> bytes_{};       // byte pieces
  Symbol pieces_ = 0;                      // ids below are pieces; 0: not ours at all
};

}  // namespace film::text
