#pragma once
// Whether a written question may be kept.
#include <optional>
#include <string_view>
#include <vector>

#include "../plain_text.h"
#include "ask.h"
#include "parse_answer.h"

namespace film::questions {

// The first reason against an answer, cheapest first, or nothing. banned: phrases that neither question nor
// answer may contain.
std::optional<RejectReason> reject_reason(const ParsedAnswer& parsed, const Ask& ask,
                                          const QuestionFilters& filters,
                                          const std::vector<PlainText>& banned);

// The longest run of consecutive words that both texts share, without regard to case and punctuation.
std::size_t longest_shared_run(const PlainText& text, const PlainText& other);

}  // namespace film::questions
