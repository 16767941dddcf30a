#pragma once
// Tokenizers, texts and packed files for tests.
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/files.h"
#include "film/base/random.h"
#include "film/text/tokenizer.h"
#include "temp_folder.h"
#include "test_data.h"

namespace film::support {

// The committed small model, and the one that FILM_TOKENIZER names (Mistral's, say).
inline std::vector<fs::path> models() {
  std::vector<fs::path> found = {small_model()};
  if (const char* named = std::getenv("FILM_TOKENIZER"); named != nullptr && *named != '\0')
    found.emplace_back(named);
  return found;
}

inline std::string pick_word(Random& random) {
  static const std::vector<std::string> words = {"harbour", "the",  "ferry", "comes", "back",  "before",
                                                 "lamps",   "are",  "lit",   "and",   "each",  "island",
                                                 "has",     "a",    "stone", "42",    "x_1",   "é",
                                                 "日本",    "(or)", "“so”",  "been",  "under", "water"};
  return words[random.below(words.size())];
}

// Words, blank lines, indented lines and lines of spaces; never empty.
inline std::string random_text(Random& random, std::size_t lines) {
  std::string text = "Begin";
  for (std::size_t i = 0; i < lines; ++i) {
    const std::uint64_t kind = random.below(8);
    text += kind == 0 ? "\n" : kind == 1 ? "\n    " : kind == 2 ? "\n   \n" : "\n";
    const std::uint64_t words = kind == 0 ? 0 : random.below(25);
    for (std::uint64_t w = 0; w < words; ++w) text += (w > 0 ? " " : "") + pick_word(random);
    if (words > 0 && random.below(2) == 0) text += ". And more.";
  }
  return text + " end";
}

inline std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

// Hash of every result file under a folder; settings.json (it holds the command and paths) and
// locks are none.
inline std::map<std::string, std::string> hashes(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name == "settings.json" || name == ".lock") continue;
    found[entry.path().lexically_relative(folder).generic_string()] = sha256_file(entry.path());
  }
  return found;
}

}  // namespace film::support
