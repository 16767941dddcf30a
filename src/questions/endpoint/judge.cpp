#include "judge.h"

#include <algorithm>

namespace film::questions {
namespace {

std::optional<RejectReason> why_rejected(const Ask& ask, const endpoint::ChatResult& result,
                                         const ParsedAnswer& parsed, const JudgeRules& rules) {
  if (!can_ask(ask)) return RejectReason::too_few_pieces;
  if (result.outcome != endpoint::ChatOutcome::ok) return to_reject_reason(result.reason);
  return reject_reason(parsed, ask, rules.filters, rules.banned);
}

// Of a kept integration question, the pieces that it names; else all that was shown.
std::vector<std::uint32_t> evidence_of(const Ask& ask, const ParsedAnswer& parsed, bool kept) {
  std::vector<std::uint32_t> evidence = ask.positions;
  if (kept && ask.kind == ContextKind::integration) {
    evidence.clear();
    for (const std::uint32_t piece : parsed.pieces) evidence.push_back(ask.positions.at(piece - 1));
  }
  std::ranges::sort(evidence);
  return evidence;
}

}  // namespace

Judged judge(const Ask& ask, const endpoint::ChatResult& result, const JudgeRules& rules) {
  ParsedAnswer parsed;
  if (result.outcome == endpoint::ChatOutcome::ok) parsed = parse_answer(result.text);
  Judged judged;
  judged.reject_reason = why_rejected(ask, result, parsed, rules);
  judged.evidence = evidence_of(ask, parsed, !judged.reject_reason);
  judged.question = std::move(parsed.question);
  judged.answer = std::move(parsed.answer);
  // Whoever improves the prompt needs to see what the model wrote instead.
  if (judged.reject_reason && judged.question.empty() && judged.answer.empty()) judged.answer = result.text;
  return judged;
}

}  // namespace film::questions
