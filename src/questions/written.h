#pragma once
// What became of the questions on one context.
#include <cstdint>
#include <string>
#include <vector>

#include "film/records/records.h"
#include "reject_reason.h"

namespace film::questions {

// A question that was not kept, and why.
struct RejectedQuestion {
  std::vector<std::uint32_t> evidence;  // positions in the context
  std::string type;                     // of the question; empty when none suits the segment
  RejectReason reason = RejectReason::nothing_to_ask;
  std::string question, answer;  // of the last attempt; empty when there was nothing to ask
};

struct WrittenQuestions {
  std::vector<Question> kept;  // labels: {"type","extractive","generator",…}
  std::vector<RejectedQuestion> rejected;
};

}  // namespace film::questions
