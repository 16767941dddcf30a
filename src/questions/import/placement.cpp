#include "placement.h"

#include <algorithm>
#include <tuple>

#include "../plain_text.h"
#include "nearest.h"

namespace film::questions {
namespace {

void reject(ImportRow& row, RejectReason reason, std::string detail = "") {
  row.reject_reason = reason;
  row.detail = std::move(detail);
}

void reject_nothing(ImportRow& row) {
  row.reject_reason.reset();
  row.detail.clear();
}

}  // namespace

void Placement::place(std::vector<ImportRow>& rows) {
  const auto with_reason = [&](std::optional<RejectReason> reason) {
    std::vector<ImportRow*> found;
    for (ImportRow& row : rows)
      if (row.reject_reason == reason) found.push_back(&row);
    return found;
  };
  place_all(with_reason(std::nullopt), QuoteForm::plain);
  const std::vector<ImportRow*> lost = with_reason(RejectReason::quote_not_found);
  if (lost.empty()) return;
  for (ImportRow* row : lost) reject_nothing(*row);
  place_all(lost, QuoteForm::folded);
  name_nearest(with_reason(RejectReason::quote_not_found));
}

void Placement::place_all(const std::vector<ImportRow*>& rows, QuoteForm form) {
  index_ = QuoteIndex(form);
  for (const ImportRow* row : rows)
    for (const std::string& quote : row->quotes) index_.add(quote);
  index_.search(source_);
  for (ImportRow* row : rows) place_one(*row);
}

void Placement::place_one(ImportRow& row) {
  if (row.context)
    place_in_context(row);
  else
    place_by_quotes(row);
}

bool Placement::is_missing(const std::string& quote, const ImportRow& row) {
  const QuoteIndex::Segments& segments = index_.segments_with(quote);
  if (!row.context) return segments.empty();
  return std::ranges::none_of(source_.data.context(*row.context).segments,
                              [&](std::uint32_t segment) { return segments.contains(segment); });
}

void Placement::name_nearest(const std::vector<ImportRow*>& rows) {
  NearestTexts nearest;
  std::vector<std::pair<ImportRow*, std::size_t>> asked;
  for (ImportRow* row : rows)
    for (const std::string& quote : row->quotes)
      if (is_missing(quote, *row)) asked.emplace_back(row, nearest.add(quote, row->context));
  if (!asked.empty()) nearest.search(source_);
  for (const auto& [row, number] : asked)
    row->detail += (row->detail.empty() ? "" : "; ") + nearest.describe(number);
  for (ImportRow* row : rows)
    if (row->detail.empty()) row->detail = "each quote is there, but no context holds them all";
}

std::optional<Placement::Match> Placement::match(const Context& context, const ImportRow& row) {
  Match match;
  for (const std::string& quote : row.quotes) {
    const QuoteIndex::Segments& segments = index_.segments_with(quote);
    std::vector<std::uint32_t> here, evidence;  // positions with this quote
    for (std::uint32_t p = 0; p < context.segments.size(); ++p) {
      if (!segments.contains(context.segments[p])) continue;
      here.push_back(p);
      if (std::ranges::find(context.evidence, p) != context.evidence.end()) evidence.push_back(p);
    }
    if (here.empty()) return std::nullopt;
    match.evidence = match.evidence && !evidence.empty();
    if (evidence.size() == 1) here = evidence;
    match.unique = match.unique && here.size() == 1;
    match.positions.push_back(here[0]);
  }
  std::ranges::sort(match.positions);
  const auto twice = std::ranges::unique(match.positions);
  match.positions.erase(twice.begin(), twice.end());
  return match;
}

void Placement::place_in_context(ImportRow& row) {
  if (*row.context >= source_.contexts) {
    reject(row, RejectReason::unknown_context,
           "context " + std::to_string(*row.context) + " of " + std::to_string(source_.contexts));
    return;
  }
  const Context& context = source_.data.context(*row.context);
  if (row.split && context.split != *row.split) {
    reject(row, RejectReason::other_split,
           "context " + std::to_string(context.id) + " belongs to " + name_of(context.split) + ", not to " +
               name_of(*row.split));
    return;
  }
  if (row.quotes.empty()) {
    if (context.evidence.empty())
      reject(row, RejectReason::context_names_no_evidence);
    else
      keep(row, context, context.evidence);
    return;
  }
  const std::optional<Match> found = match(context, row);
  if (!found)
    reject(row, RejectReason::quote_not_found, "not in context " + std::to_string(context.id));
  else if (!found->unique)
    reject(row, RejectReason::quote_in_several_segments);
  else
    keep(row, context, found->positions);
}

void Placement::place_by_quotes(ImportRow& row) {
  std::optional<std::tuple<bool, std::size_t, std::uint64_t>> best;  // not evidence, questions so far, id
  Match best_match;
  bool ambiguous = false;
  std::optional<Split> other_split;
  for (const std::uint64_t id : index_.contexts_with(row.quotes[0])) {
    const Context& context = source_.data.context(id);
    const std::optional<Match> found = match(context, row);
    if (!found) continue;
    if (row.split && context.split != *row.split) {
      other_split = context.split;
      continue;
    }
    ambiguous = ambiguous || !found->unique;
    const std::tuple rank{!found->evidence, questions_on(id), id};
    if (!found->unique || (best && *best <= rank)) continue;
    best = rank;
    best_match = *found;
  }
  if (best)
    keep(row, source_.data.context(std::get<2>(*best)), best_match.positions);
  else if (other_split && !ambiguous)
    reject(row, RejectReason::other_split,
           "the quotes are in contexts of " + name_of(*other_split) + ", in none of " + name_of(*row.split));
  else
    reject(row, ambiguous ? RejectReason::quote_in_several_segments : RejectReason::quote_not_found);
}

std::size_t Placement::questions_on(std::uint64_t context) const {
  const auto found = placed_.find(context);
  return found == placed_.end() ? 0 : found->second.size();
}

void Placement::keep(const ImportRow& row, const Context& context,
                     const std::vector<std::uint32_t>& positions) {
  const PlainText answer(row.answer);
  const std::vector<std::string> texts = source_.texts(context, positions);
  const bool extractive =
      std::ranges::any_of(texts, [&](const std::string& text) { return PlainText(text).contains(answer); });
  placed_[context.id].push_back(
      {row.question,
       row.answer,
       positions,
       {{"type", "written"}, {"extractive", extractive}, {"generator", "import"}, {"source", row.where}}});
}

}  // namespace film::questions
