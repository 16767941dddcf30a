#pragma once
// RULER's needles in a haystack: eight tasks of one form.
#include <memory>

#include "essays.h"
#include "sample.h"

namespace film::benchmarks {

enum class Haystack : std::uint8_t { noise, needles, essays };
enum class Value : std::uint8_t { number, uuid };

struct NeedleShape {
  Haystack haystack = Haystack::noise;
  bool uuid_keys = false;  // else two words
  Value value = Value::number;
  std::size_t keys = 1, values = 1, asked = 1;  // values of each key; keys that are asked about
};

// `essays`: of Haystack::essays.
std::unique_ptr<SampleMaker> make_needles(const NeedleShape& shape, std::shared_ptr<const Essays> essays);

}  // namespace film::benchmarks
