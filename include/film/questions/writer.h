#pragma once
// Who writes questions: the seam between `film qa` and its generators.
#include <cstdint>
#include <string>
#include <vector>

#include "film/records/records.h"

namespace film::questions {

// All that a generator may see of one context.
struct ContextMaterial {
  Context context;
  std::vector<std::string> texts;             // of its segments, in order
  std::vector<const PlantedRecord*> planted;  // parallel to texts; nullptr where there is none
};

// A question that was not kept, and why. Reasons are few fixed words, so that they can be counted.
struct RejectedQuestion {
  std::vector<std::uint32_t> evidence;  // positions in the context
  std::string type, reason;
  std::string question, answer;  // of the last attempt; empty when there was nothing to ask
};

struct WrittenQuestions {
  std::vector<Question> kept;  // labels: {"type","extractive","generator",…}
  std::vector<RejectedQuestion> rejected;
};

// Writes the questions of one context. write() is called from several threads; what it returns depends on the
// material and the settings alone.
class QuestionWriter {
 public:
  virtual ~QuestionWriter() = default;
  virtual WrittenQuestions write(const ContextMaterial& material) const = 0;
};

}  // namespace film::questions
