#include <fmt/format.h>

#include "film/base/format.h"
#include "film/questions/qa.h"

namespace film::questions {
namespace {

std::string row(const std::string& name, std::uint64_t count) {
  return fmt::format("{:<28}{:>12}\n", name, grouped(count));
}

std::string rows(const CountByName& counts) {
  std::string text;
  for (const auto& [name, count] : counts) text += row("  " + name, count);
  return text;
}

}  // namespace

std::string qa_summary(const QaFacts& facts) {
  const QaCounts& counts = facts.counts;
  return row("contexts", counts.contexts) + row("examples", counts.examples.count) +
         row("contexts without questions", counts.contexts_without_questions) +
         row("questions", counts.questions.count) + rows(counts.questions.by_type) +
         rows(counts.questions.by_split) + row("rejected", counts.rejected.count) +
         rows(counts.rejected.by_reason);
}

}  // namespace film::questions
