#include "normalized_words.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "film/base/error.h"
#include "film/base/fnv1a.h"
#include "film/base/unicode.h"

namespace film::cleaning {
namespace {

constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15u;  // odd, so that no word of a window is lost

std::string folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  if (U_SUCCESS(status))
    normalizer->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink,
                              nullptr, status);
  if (U_FAILURE(status))
    throw internal_error(std::string("ICU cannot normalize a text: ") + u_errorName(status));
  return result;
}

bool is_word_character(char32_t c) {
  return (U_MASK(u_charType(static_cast<UChar32>(c))) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool is_han(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &status) == USCRIPT_HAN;
}

}  // namespace

NormalizedWords::NormalizedWords(std::string_view text) {
  text_.reserve(text.size() + 1);
  if (all_ascii(text))
    add_ascii(text);
  else
    add_any(folded(text));
  if (!text_.empty() && text_.back() != ' ') text_ += ' ';
}

std::string_view NormalizedWords::window(std::size_t i, std::size_t count) const {
  const std::size_t end = i + count < begins_.size() ? begins_[i + count] : text_.size();
  return std::string_view(text_).substr(begins_[i], end - begins_[i] - 1);
}

void NormalizedWords::begin_word() {
  if (!text_.empty() && text_.back() != ' ') return;
  begins_.push_back(static_cast<std::uint32_t>(text_.size()));
}

void NormalizedWords::add_ascii(std::string_view text) {
  for (const char c : text) {
    if (is_ascii_alnum(c)) {
      begin_word();
      text_ += to_ascii_lower(c);
    } else if (!text_.empty() && text_.back() != ' ') {
      text_ += ' ';
    }
  }
}

void NormalizedWords::add_any(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const bool word = is_word_character(c.value), han = word && is_han(c.value);
    if ((han || !word) && !text_.empty() && text_.back() != ' ') text_ += ' ';
    if (word) {
      begin_word();
      text_.append(text.substr(at, c.size));
    }
    if (han) {
      ++han_;
      text_ += ' ';
    }
    at += c.size;
  }
}

std::vector<std::uint64_t> word_hashes(const NormalizedWords& words) {
  std::vector<std::uint64_t> hashes(words.size());
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = fnv1a(words.word(i));
  return hashes;
}

// h = (h - first · B^(n-1)) · B + next, modulo 2^64.
WindowHashes::WindowHashes(const std::vector<std::uint64_t>& word_hashes, std::size_t length) {
  if (length == 0 || word_hashes.size() < length) return;
  std::uint64_t power = 1, hash = 0;
  for (std::size_t i = 1; i < length; ++i) power *= kBase;
  hashes_.reserve(word_hashes.size() - length + 1);
  for (std::size_t i = 0; i < word_hashes.size(); ++i) {
    if (i >= length) hash -= word_hashes[i - length] * power;
    hash = hash * kBase + word_hashes[i];
    if (i + 1 >= length) hashes_.push_back(hash ^ hash >> 29);
  }
}

}  // namespace film::cleaning
