#include "decode_table.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "film/base/unicode.h"

namespace film::text {
namespace {

constexpr std::string_view kSpace = "\u2581";

std::string with_spaces(std::string_view piece) {
  std::string text;
  for (std::size_t at; (at = piece.find(kSpace)) != std::string_view::npos;
       piece.remove_prefix(at + kSpace.size()))
    text.append(piece.substr(0, at)).push_back(' ');
  return text.append(piece);
}

// The byte of "<0x0A>".
char byte_of(std::string_view piece) {
  unsigned value = 0;
  std::from_chars(piece.data() + 3, piece.data() + piece.size() - 1, value, 16);
  return static_cast<char>(value);
}

// Bytes of byte pieces that form no character become U+FFFD, one each.
char* put_characters(std::string& bytes, char* to) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint c = code_point_at(bytes, at);
    append_utf8(text, c.value);
    at += c.size;
  }
  bytes.clear();
  return std::copy(text.begin(), text.end(), to);
}

}  // namespace

DecodeTable::DecodeTable(const ModelFile& file, const sentencepiece::SentencePieceProcessor& processor)
    : takes_space_(file.add_dummy_prefix || file.remove_extra_whitespaces),
      takes_spaces_(file.remove_extra_whitespaces) {
  slots_.reserve(file.pieces.size());
  for (const ModelPiece& piece : file.pieces) {
    if (piece.type == ModelPiece::byte)
      slots_.push_back(slot_of(piece, {byte_of(piece.text)}));
    else if (piece.type == ModelPiece::control)
      slots_.push_back(slot_of(piece, ""));
    else if (piece.type == ModelPiece::unknown)  // the model names its surface
      slots_.push_back(slot_of(piece, processor.DecodeIds({static_cast<int>(slots_.size())})));
    else
      slots_.push_back(slot_of(piece, with_spaces(piece.text)));
  }
}

DecodeTable::Slot DecodeTable::slot_of(const ModelPiece& piece, std::string text) {
  Slot slot;
  slot.text = {};
  slot.size = static_cast<std::uint16_t>(text.size());
  slot.spaced = piece.text.starts_with(kSpace);
  if (piece.type == ModelPiece::byte) slot.kind = Kind::byte;
  if (piece.type == ModelPiece::control) slot.kind = Kind::control;
  if (piece.type == ModelPiece::unknown) slot.kind = Kind::unknown;
  if (text.size() <= Slot::kLongest) {
    std::copy(text.begin(), text.end(), slot.text.begin());
  } else {
    const auto begin = static_cast<std::uint32_t>(long_texts_.size());
    std::memcpy(slot.text.data(), &begin, sizeof begin);
    long_texts_ += text;
  }
  return slot;
}

// Bytes that the text of these ids takes at most: a byte piece may become U+FFFD, which takes three.
std::size_t DecodeTable::bound(std::span<const TokenId> ids) const {
  std::size_t bytes = Slot::kLongest;  // every copy writes this many
  for (const TokenId id : ids) bytes += std::max<std::size_t>(3, slots_[static_cast<std::size_t>(id)].size);
  return bytes;
}

char* DecodeTable::put(const Slot& slot, bool without_space, char* to) const {
  const char* from = slot.text.data();
  if (slot.size > Slot::kLongest) [[unlikely]] {
    std::uint32_t begin = 0;
    std::memcpy(&begin, from, sizeof begin);
    std::memcpy(to, long_texts_.data() + begin + (without_space ? 1 : 0),
                slot.size - (without_space ? 1U : 0U));
  } else if (without_space) [[unlikely]] {
    std::memcpy(to, from + 1, Slot::kLongest - 1);
  } else {
    std::memcpy(to, from, Slot::kLongest);
  }
  return to + slot.size - (without_space ? 1 : 0);
}

std::string DecodeTable::decode(std::span<const TokenId> ids) const {
  std::string text(bound(ids), '\0'), bytes;
  char* const begin = text.data();
  char* to = begin;
  bool at_start = takes_space_, space_taken = false;
  for (const TokenId id : ids) {
    const Slot& slot = slots_[static_cast<std::size_t>(id)];
    if (slot.kind == Kind::byte) {
      bytes.push_back(slot.text[0]);
      continue;
    }
    if (!bytes.empty()) to = put_characters(bytes, to);
    if (space_taken || to != begin) at_start = false;
    const bool take = at_start && slot.kind == Kind::text && slot.spaced;
    space_taken = take && !takes_spaces_;
    to = put(slot, take, to);
  }
  to = put_characters(bytes, to);
  text.resize(static_cast<std::size_t>(to - begin));
  return text;
}

}  // namespace film::text
