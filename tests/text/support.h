#pragma once
// Shared by the tests of this module: models that are always there, models made by hand, and strange texts.
#include <sentencepiece_processor.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/files.h"
#include "film/base/random.h"
#include "film/text/tokenizer.h"

namespace film::testing_text {

inline fs::path small_model() { return fs::path(FILM_TEST_DATA) / "tokenizer/small.model"; }
inline fs::path rewriting_model() { return fs::path(FILM_TEST_DATA) / "tokenizer/rewriting.model"; }

// A path from the environment; none where the variable is unset or empty.
inline std::optional<fs::path> path_from(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return fs::path(value);
}

// SentencePiece itself, the authority.
class Authority {
 public:
  explicit Authority(const fs::path& model);
  text::TokenIds encode(std::string_view text) const;
  std::string decode(const text::TokenIds& ids) const;

 private:
  sentencepiece::SentencePieceProcessor processor_;
};

// One strange text; kinds 0 to kKinds-1 (see the .cpp).
constexpr std::size_t kKinds = 9;
std::string strange_text(Random& random, std::size_t kind, const text::Tokenizer& tokenizer);

// A model written byte by byte. Pieces follow <unk>, <s>, </s> and, with byte_fallback, the 256 byte pieces.
struct HandMadePiece {
  std::string text;
  float score = 0;
  unsigned type = 1;  // normal
};
struct HandMadeModel {
  unsigned kind = 2;  // BPE
  bool byte_fallback = true, add_dummy_prefix = true, remove_extra_whitespaces = false;
  bool escape_whitespaces = true, whitespace_as_suffix = false;
  std::vector<HandMadePiece> pieces;
};
std::string model_bytes(const HandMadeModel& model);

// A file in the test's temporary folder.
fs::path temporary_file(const std::string& name, std::string_view content);

// Text with everything unprintable escaped, for messages.
std::string shown(std::string_view text);

}  // namespace film::testing_text
