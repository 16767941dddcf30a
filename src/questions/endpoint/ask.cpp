#include "ask.h"

#include <algorithm>

#include "film/base/random.h"

namespace film::questions {
namespace {

using Positions = std::vector<std::uint32_t>;

Positions in_document_order(const Context& context) {
  Positions positions = context.evidence;
  std::ranges::sort(positions, {}, [&](std::uint32_t p) { return context.segments[p]; });
  return positions;
}

// At most settings.per_context of the evidence, ascending.
Positions draw_positions(const Context& context, const QaSettings& settings) {
  Positions positions = context.evidence;
  if (settings.per_context == 0 || positions.size() <= settings.per_context) return positions;
  Random random(settings.seed, "questions.positions", context.id);
  random.shuffle(positions);
  positions.resize(settings.per_context);
  std::ranges::sort(positions);
  return positions;
}

}  // namespace

std::vector<Ask> asks_about(const Context& context, const Source& source, const QaSettings& settings) {
  std::vector<Positions> units;
  if (context.kind == ContextKind::integration)
    units.push_back(in_document_order(context));
  else
    for (const std::uint32_t position : draw_positions(context, settings)) units.push_back({position});
  std::vector<Ask> asks;
  for (Positions& positions : units) {
    std::vector<std::string> texts = source.texts(context, positions);
    asks.push_back({context.id, context.kind, std::move(positions), std::move(texts)});
  }
  return asks;
}

bool can_ask(const Ask& ask) { return ask.kind != ContextKind::integration || ask.positions.size() >= 2; }

}  // namespace film::questions
