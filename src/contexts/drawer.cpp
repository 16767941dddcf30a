#include "film/contexts/drawer.h"

#include "draft.h"
#include "film/base/error.h"

namespace film::contexts {
namespace {

constexpr std::array kKinds = {ContextKind::fine_grained, ContextKind::integration, ContextKind::short_text};

}  // namespace

std::vector<ContextKind> plan_kinds(const KindWeights& kinds, std::uint64_t count) {
  const std::array<double, 3> weights = kinds.weights();
  const double total = weights[0] + weights[1] + weights[2];
  std::array<double, 3> made{};
  std::vector<ContextKind> plan;
  plan.reserve(count);
  for (std::uint64_t i = 1; i <= count; ++i) {
    std::size_t best = 0;
    double deficit = -1;
    for (std::size_t k = 0; k < kKinds.size(); ++k) {
      const double behind = static_cast<double>(i) * weights[k] / total - made[k];
      if (weights[k] > 0 && behind > deficit) best = k, deficit = behind;
    }
    ++made[best];
    plan.push_back(kKinds[best]);
  }
  return plan;
}

ContextDrawer::ContextDrawer(const corpus::CorpusIndex& index, const ContextSettings& settings,
                             std::uint32_t newline_tokens, std::uint64_t seed)
    : index_(index), settings_(settings), newline_tokens_(newline_tokens), seed_(seed) {
  fill_pools();
  for (std::size_t i = 0; i < corpus::kSplits; ++i) require_enough(static_cast<corpus::Split>(i));
}

Context ContextDrawer::draw(const ContextTask& task) const { return ContextDraft(*this, task).make(); }

void ContextDrawer::fill_pools() {
  const std::array<double, 3> weights = settings_.kinds.weights();
  for (std::uint32_t document = 0; document < index_.documents(); ++document) {
    if (settings_.count(index_.split[document]) == 0) continue;
    Pool& pool = pools_[static_cast<std::size_t>(index_.split[document])];
    for (std::uint64_t s = index_.first_segment[document]; s < index_.first_segment[document + 1]; ++s) {
      pool.segments.push_back(static_cast<std::uint32_t>(s));
      pool.tokens += index_.tokens[s];
    }
    for (std::size_t k = 0; k < kKinds.size(); ++k)
      if (weights[k] > 0 && suits(document, kKinds[k])) pool.documents[k].push_back(document);
  }
}

void ContextDrawer::require_enough(corpus::Split split) const {
  if (settings_.count(split) == 0) return;
  const Pool& pool = pools_[static_cast<std::size_t>(split)];
  const std::string name = to_text(split);
  const std::array<double, 3> weights = settings_.kinds.weights();
  for (std::size_t k = 0; k < kKinds.size(); ++k)
    if (weights[k] > 0 && pool.documents[k].empty())
      throw config_error("split " + name + " has no document for contexts of kind " + to_text(kKinds[k]),
                         "set contexts." + name + "=0, raise split." + name + ", or take a larger corpus");
  if (settings_.segments == 0 && weights[0] + weights[1] > 0 && pool.tokens < settings_.target.max)
    throw config_error("split " + name + " holds " + std::to_string(pool.tokens) + " tokens in " +
                           std::to_string(pool.segments.size()) + " segments, too few for a context of " +
                           std::to_string(settings_.target.max),
                       "lower contexts.target.max, raise split." + name + ", set contexts." + name +
                           "=0, or take a larger corpus");
}

bool ContextDrawer::may_ask(std::uint64_t segment) const {
  return index_.tokens[segment] > 0 && (!settings_.planted_only() || index_.attribute_of(segment) != 0);
}

bool ContextDrawer::suits(std::uint32_t document, ContextKind kind) const {
  const std::uint64_t first = index_.first_segment[document], last = index_.first_segment[document + 1];
  if (kind == ContextKind::integration && last - first < 2) return false;
  if (kind != ContextKind::fine_grained && whole_tokens(document) > settings_.document_max) return false;
  if (kind == ContextKind::integration) return true;
  for (std::uint64_t s = first; s < last; ++s)
    if (may_ask(s)) return true;
  return false;
}

std::uint64_t ContextDrawer::whole_tokens(std::uint32_t document) const {
  const std::uint64_t first = index_.first_segment[document], last = index_.first_segment[document + 1];
  std::uint64_t tokens = (last - first - 1) * newline_tokens_;
  for (std::uint64_t s = first; s < last; ++s) tokens += index_.tokens[s];
  return tokens;
}

}  // namespace film::contexts
