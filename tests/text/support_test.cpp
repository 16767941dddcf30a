// What support.h declares. (Named _test so that the build takes it into this module's test program.)
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "film/base/error.h"

namespace film::testing_text {
namespace {

void append_utf8(std::string& text, std::uint64_t code) {
  const auto byte = [&](std::uint64_t value) { text += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

std::uint64_t code_point(Random& random) {
  // Blocks that vocabularies know parts of, and all of Unicode.
  constexpr std::uint64_t kBlocks[][2] = {{0x20, 0x5F},   {0x80, 0x180},    {0x370, 0x190},   {0x2000, 0x600},
                                          {0x3040, 0xC0}, {0x4E00, 0x51FF}, {0xAC00, 0x2BA3}, {0xFF00, 0xF0},
                                          {0x300, 0x70},  {0x1F300, 0x300}, {0xFFFD, 1},      {0, 0xD800}};
  const auto& block = kBlocks[random.below(std::size(kBlocks))];
  return block[0] + random.below(block[1]);
}

void append_piece(std::string& text, Random& random, const text::Tokenizer& tokenizer) {
  std::string piece = tokenizer.piece(static_cast<text::TokenId>(random.below(tokenizer.vocab_size())));
  const bool as_spaces = random.below(8) != 0;
  for (std::size_t at = 0; as_spaces && (at = piece.find("\u2581", at)) != std::string::npos;)
    piece.replace(at, 3, " ");
  text += piece;
}

std::string one_of(Random& random, std::initializer_list<const char*> words) {
  return words.begin()[random.below(words.size())];
}

std::string run_of_one_character(Random& random) {
  std::string unit, text;
  append_utf8(unit, random.below(2) ? code_point(random) : 0x20 + random.below(0x5F));
  for (std::uint64_t left = random.below(random.below(8) == 0 ? 200 : 12); left > 0; --left) text += unit;
  return text;
}

std::string cut_short(Random& random) {
  std::string text;
  append_utf8(text, code_point(random));
  text.resize(text.size() - random.below(2));
  return text;
}

std::string part(Random& random, std::size_t kind, const text::Tokenizer& tokenizer) {
  std::string text;
  switch (kind) {
    case 0:
      append_utf8(text, code_point(random));
      return text;
    case 1:  // ASCII with every control character
      return {static_cast<char>(random.below(128))};
    case 2:  // runs of spaces
      text.append(random.below(random.below(4) == 0 ? 40 : 4), ' ');
      return text + one_of(random, {"a", "the", ".", "7", "\n", "\u00e9", "("});
    case 3:
      return run_of_one_character(random);
    case 4:
      append_piece(text, random, tokenizer);
      return text;
    case 5:
      return one_of(
          random, {"\t", "\n", "\r\n", "\r", "\n\n", "    ", ";", "}", "{", "return", "x", " = ", "0", "//"});
    case 6:  // bytes that are mostly not UTF-8, and characters cut short
      return random.below(2) ? std::string(1, static_cast<char>(0x80 + random.below(0x80)))
                             : cut_short(random);
    case 7:  // the escaped space itself
      return one_of(random, {"\u2581", " ", "\u2581\u2581", "the", "a", "\n", "\xE2\x96", "\x81"});
    default:
      return part(random, random.below(8), tokenizer);
  }
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes += static_cast<char>(value);
}
std::string number(unsigned field, std::uint64_t value) { return varint(field << 3) + varint(value); }
std::string block(unsigned field, const std::string& bytes) {
  return varint(field << 3 | 2) + varint(bytes.size()) + bytes;
}

std::string piece_bytes(const HandMadePiece& piece) {
  const auto bits = std::bit_cast<std::uint32_t>(piece.score);
  std::string score;
  for (unsigned shift = 0; shift < 32; shift += 8) score += static_cast<char>(bits >> shift);
  return block(1, block(1, piece.text) + varint(2 << 3 | 5) + score + number(3, piece.type));
}

}  // namespace

Authority::Authority(const fs::path& model) {
  const auto status = processor_.Load(model.string());
  if (!status.ok()) throw bad_data(status.ToString());
}

text::TokenIds Authority::encode(std::string_view text) const {
  text::TokenIds ids;
  const auto status = processor_.Encode(text, &ids);
  if (!status.ok()) throw bad_data(status.ToString());
  return ids;
}

std::string Authority::decode(const text::TokenIds& ids) const {
  std::string text;
  const auto status = processor_.Decode(std::vector<int>(ids.begin(), ids.end()), &text);
  if (!status.ok()) throw bad_data(status.ToString());
  return text;
}

std::string strange_text(Random& random, std::size_t kind, const text::Tokenizer& tokenizer) {
  std::string text;
  for (std::uint64_t left = random.below(kind == 3 ? 6 : 32); left > 0; --left)
    text += part(random, kind, tokenizer);
  return text;
}

std::string model_bytes(const HandMadeModel& model) {
  std::string bytes = piece_bytes({"<unk>", 0, 2}) + piece_bytes({"<s>", 0, 3}) + piece_bytes({"</s>", 0, 3});
  for (unsigned byte = 0; model.byte_fallback && byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", byte);
    bytes += piece_bytes({name, 0, 6});
  }
  for (const HandMadePiece& piece : model.pieces) bytes += piece_bytes(piece);
  bytes += block(
      2, number(3, model.kind) + number(24, model.whitespace_as_suffix) + number(35, model.byte_fallback));
  return bytes +
         block(3, block(1, "identity") + number(3, model.add_dummy_prefix) +
                      number(4, model.remove_extra_whitespaces) + number(5, model.escape_whitespaces));
}

fs::path temporary_file(const std::string& name, std::string_view content) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string own = std::string(test->test_suite_name()) + "_" + test->name();  // tests run at the same time
  std::replace(own.begin(), own.end(), '/', '_');
  const fs::path folder = fs::path(::testing::TempDir()) / ("film_text_" + own);
  fs::create_directories(folder);
  write_file(folder / name, content);
  return folder / name;
}

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02X", static_cast<unsigned char>(c));
    out += c >= 0x20 && c < 0x7F ? std::string(1, c) : std::string(code);
  }
  return out;
}

}  // namespace film::testing_text
