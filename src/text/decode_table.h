#pragma once
// Ids to text by a table of the pieces' bytes: what SentencePiece's Decode() gives, byte for byte, without its objects
// and look-ups for every token.
#include <sentencepiece_processor.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "film/text/tokenizer.h"
#include "model_file.h"

namespace film::text {

class DecodeTable {
 public:
  // `processor` has loaded `file`. The file must not rewrite decoded text (ModelFile::rewrites_decoded).
  DecodeTable(const ModelFile& file, const sentencepiece::SentencePieceProcessor& processor);
  // Every id must be in the vocabulary.
  std::string decode(std::span<const TokenId> ids) const;

 private:
  enum class Kind : std::uint8_t { text, byte, control, unknown };
  // A short text stands in the slot itself, so that a token costs one look-up and one copy of fixed size.
  struct Slot {
    static constexpr std::size_t kLongest = 26;
    std::array<char, kLongest> text;  // of a longer one: where it begins in long_texts_
    std::uint16_t size = 0;
    Kind kind = Kind::text;
    bool spaced = false;  // starts with U+2581, which stands for a space
  };

  Slot slot_of(const ModelPiece& piece, std::string text);
  std::size_t bound(std::span<const TokenId> ids) const;
  char* put(const Slot& slot, bool without_space, char* to) const;

  std::vector<Slot> slots_;
  std::string long_texts_;
  bool takes_space_;   // the space in front of the first piece is not part of the text
  bool takes_spaces_;  // nor are all further ones there
};

}  // namespace film::text
