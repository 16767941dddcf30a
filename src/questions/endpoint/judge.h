#pragma once
// What a reply is worth: a question to keep, or the reason against it.
#include <optional>
#include <string>
#include <vector>

#include "ask.h"
#include "film/endpoint/chat.h"
#include "filters.h"

namespace film::questions {

// What answers are held against.
struct JudgeRules {
  const QuestionFilters& filters;
  const std::vector<PlainText>& banned;
};

struct Judged {
  std::optional<RejectReason> reject_reason;  // nothing: keep the question
  std::string question, answer;               // the reply as it came where it could not be read
  std::vector<std::uint32_t> evidence;        // positions in the context, ascending
};

// Depends on its arguments alone. Of a request that cannot be made (can_ask) `result` does not matter.
Judged judge(const Ask& ask, const endpoint::ChatResult& result, const JudgeRules& rules);

}  // namespace film::questions
