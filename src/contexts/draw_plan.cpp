#include "draw_plan.h"

#include <algorithm>
#include <ranges>

#include "advice.h"
#include "film/base/error.h"

namespace film::contexts {

DrawPlan::DrawPlan(const corpus::CorpusIndex& corpus_index, const ContextSettings& context_settings,
                   std::uint32_t tokens_of_newline, std::uint64_t random_seed, const GradedInput* graded)
    : index(corpus_index), settings(context_settings), newline_tokens(tokens_of_newline), seed(random_seed) {
  fill_pools();
  for (const Split split : kSplits) require_enough(split);
  if (!settings.fillers.graded()) return;
  for (std::size_t s = 0; s < pools.size(); ++s)
    if (settings.count(kSplits[s]) > 0)
      sources[s] = std::make_unique<FillerSource>(pools[s].segments, settings.fillers.grade, graded->content,
                                                  graded->threads);
}

void DrawPlan::fill_pools() {
  for (std::uint32_t document = 0; document < index.documents(); ++document) {
    if (settings.count(index.split[document]) == 0) continue;
    Pool& pool = pools[static_cast<std::size_t>(index.split[document])];
    for (std::uint64_t s = index.first_segment[document]; s < index.first_segment[document + 1]; ++s) {
      pool.segments.push_back(static_cast<std::uint32_t>(s));
      pool.tokens += index.tokens[s];
    }
    ++pool.count;
    pool.longest = std::max(pool.longest, whole_tokens(document));
    for (const ContextKind kind : kContextKinds)
      if (settings.kinds.weight(kind) > 0 && suits(document, kind))
        pool.documents[static_cast<std::size_t>(kind)].push_back(document);
  }
  for (Pool& pool : pools) order_by_length(pool);
}

// A counting sort: there are many segments and few lengths. The longest share a slot and are sorted after.
void DrawPlan::order_by_length(Pool& pool) const {
  constexpr std::uint32_t kLengths = 4096;
  std::vector<std::uint64_t> ends(kLengths);
  const auto slot = [&](std::uint32_t segment) { return std::min(index.tokens[segment], kLengths - 1); };
  for (const std::uint32_t segment : pool.segments) ++ends[slot(segment)];
  for (std::uint32_t length = 1; length < kLengths; ++length) ends[length] += ends[length - 1];
  pool.by_length.resize(pool.segments.size());
  for (const std::uint32_t segment : pool.segments | std::views::reverse)
    pool.by_length[--ends[slot(segment)]] = segment;
  const auto longest = std::ranges::partition_point(
      pool.by_length, [&](std::uint32_t segment) { return slot(segment) + 1 < kLengths; });
  std::ranges::sort(longest, pool.by_length.end(), {},
                    [&](std::uint32_t segment) { return index.tokens[segment]; });
}

void DrawPlan::require_enough(Split split) const {
  if (settings.count(split) == 0) return;
  const std::string name = name_of(split);
  for (const ContextKind kind : kContextKinds)
    if (settings.kinds.weight(kind) > 0 && pool(split).evidence(kind).empty())
      throw config_error("split " + name + " has no document for contexts of kind " + name_of(kind),
                         advice_for(*this, split));
  const bool has_targets =
      settings.segments == 0 &&
      settings.kinds.weight(ContextKind::fine_grained) + settings.kinds.weight(ContextKind::integration) > 0;
  if (has_targets && pool(split).tokens < settings.target.max)
    throw config_error("split " + name + " holds " + std::to_string(pool(split).tokens) + " tokens in " +
                           std::to_string(pool(split).segments.size()) +
                           " segments, too few for a context of " + std::to_string(settings.target.max),
                       advice_for(*this, split));
}

bool DrawPlan::may_ask(std::uint64_t segment) const {
  return index.tokens[segment] > 0 && (!settings.needles_only() || index.attribute_of(segment) != 0);
}

bool DrawPlan::suits(std::uint32_t document, ContextKind kind) const {
  const std::uint64_t first = index.first_segment[document], last = index.first_segment[document + 1];
  if (kind == ContextKind::integration && last - first < 2) return false;
  if (kind != ContextKind::fine_grained && whole_tokens(document) > settings.document_max) return false;
  if (kind == ContextKind::integration) return true;
  for (std::uint64_t s = first; s < last; ++s)
    if (may_ask(s)) return true;
  return false;
}

std::uint64_t DrawPlan::whole_tokens(std::uint32_t document) const {
  const std::uint64_t first = index.first_segment[document], last = index.first_segment[document + 1];
  std::uint64_t tokens = (last - first - 1) * newline_tokens;
  for (std::uint64_t s = first; s < last; ++s) tokens += index.tokens[s];
  return tokens;
}

}  // namespace film::contexts
