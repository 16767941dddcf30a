#pragma once
// Settings of benchmarks whose questions are made for a tokenizer: lengths count tokens.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/settings.h"

namespace film::benchmarks {

enum class Benchmark : std::uint8_t { ruler, nolima };
constexpr auto enum_names(Benchmark) {
  return std::array{EnumName{Benchmark::ruler, "ruler"}, EnumName{Benchmark::nolima, "nolima"}};
}

// RULER (arXiv 2404.06654): thirteen tasks in three kinds of haystack.
struct RulerSettings {
  std::vector<std::string> tasks;  // of the thirteen; empty: all
  std::uint32_t samples = 500;     // of each task and length
  std::string essays;              // text of the haystacks: file or folder
  std::string words;               // words of cwe, one a line; empty: the words of the essays
  std::string squad;               // dev-v2.0.json
  std::string hotpotqa;            // hotpot_dev_distractor_v1.json
  bool cwe_example = true;         // one worked example in front; the paper's row of FILM-7B is without
  void describe(Fields& fields);
};

// NoLiMa (arXiv 2502.05167): needles that share no words with their questions, in books. Neither comes with film.
struct NolimaSettings {
  std::string needles;        // needle_set.json of its authors, or one like it
  std::string books;          // file or folder of text
  std::uint32_t depths = 26;  // places of every needle, from the beginning to the end
  void describe(Fields& fields);
};

struct Settings {
  Benchmark benchmark = Benchmark::ruler;
  std::string tokenizer;  // SentencePiece .model
  std::vector<std::uint32_t>
      lengths;  // in tokens: of prompt and answer, NoLiMa: of the book; empty: those of the paper
  std::uint32_t reserve = 64;  // tokens of every length that are left to the prompt's template
  std::uint64_t seed = 42;
  std::uint32_t threads = 0;
  RulerSettings ruler;
  NolimaSettings nolima;

  std::vector<std::uint32_t> lengths_or_own() const;
  void describe(Fields& fields);
  void check() const;  // throws config_error
};

}  // namespace film::benchmarks
