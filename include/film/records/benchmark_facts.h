#pragma once
// Facts in the manifest.json of a folder that `film benchmark` wrote (docs/formats.md).
#include <cstdint>
#include <map>
#include <string>

#include "film/base/json_fields.h"

namespace film {

struct BenchmarkFacts {
  std::string benchmark, tokenizer;           // name; SHA-256 of the file that lengths were counted with
  std::map<std::string, std::uint64_t> rows;  // questions of each length, by task
  // By length and task: tokens of prompt and longest answer, the mean.
  std::map<std::string, std::map<std::string, std::uint64_t>> mean_tokens;

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant("kind", "benchmark");
    visit("benchmark", facts.benchmark);
    visit("tokenizer", facts.tokenizer);
    visit("rows", facts.rows);
    visit("mean_tokens", facts.mean_tokens);
  }
};

FILM_DECLARE_JSON(BenchmarkFacts);

}  // namespace film
