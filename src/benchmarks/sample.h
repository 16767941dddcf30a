#pragma once
// One question of a benchmark, and what makes them: a number of units (lines, words, documents) stretches it to a length.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "film/base/random.h"

namespace film::benchmarks {

struct Sample {
  std::string input;                 // the user's turn
  std::string answer_prefix;         // what the answer begins with
  std::vector<std::string> outputs;  // reference strings
  std::vector<std::size_t>
      needles;  // bytes of `input` at which the evidence begins, in the order of `outputs`
};

// What a sample is keyed by: with the number of units it is the same everywhere.
struct SampleKey {
  std::uint64_t seed = 0;
  std::string task;
  std::uint32_t length = 0;
  std::uint64_t number = 0;

  // Random numbers of one purpose.
  Random random(const std::string& purpose) const {
    return {seed, "ruler." + task + "." + std::to_string(length) + "." + purpose, number};
  }
};

// Makes samples of one task; may be called from any thread.
class SampleMaker {
 public:
  virtual ~SampleMaker() = default;
  virtual std::size_t least(
      const SampleKey& key) const = 0;   // units of the shortest sample that can be asked
  virtual std::size_t most() const = 0;  // of the longest
  virtual Sample make(const SampleKey& key, std::size_t units) const = 0;
};

// The places of needles: RULER's 40 depths, from 0 (in front) to 100 (at the end).
constexpr std::size_t kDepths = 40;
int depth_percent(std::size_t place);
// The place of a question's first needle. 40 samples in a row have all 40.
std::size_t balanced_place(const SampleKey& key);

}  // namespace film::benchmarks
