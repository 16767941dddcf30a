#pragma once
// Answers that cannot be right or wrong: counted, and too many of them end the evaluation. A score over what is left of
// a few would be a measurement that did not measure.
#include <cstdint>
#include <map>
#include <string>

#include "film/records/scores.h"

namespace film::evaluation {

class Unscored {
 public:
  void add(const Prediction& prediction);
  // Throws when they are more than `limit` (a share) of `total` questions: unavailable where replies are missing, else
  // config_error; with the server's words.
  void check(const std::string& task, const std::string& model, std::uint64_t total, double limit,
             bool asked) const;

 private:
  std::map<AnswerState, std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  Prediction last_;
};

}  // namespace film::evaluation
