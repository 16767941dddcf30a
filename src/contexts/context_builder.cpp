#include "context_builder.h"

#include <algorithm>

#include "advice.h"

namespace film::contexts {

ContextBuilder::ContextBuilder(const DrawPlan& plan, const ContextTask& task)
    : plan_(plan),
      index_(plan.index),
      settings_(plan.settings),
      task_(task),
      pool_(plan.pool(task.split)),
      random_(plan.seed, "context", task.twin ? task.of : task.id) {
  const TargetSettings& range = settings_.target;
  ceiling_ = range.max;
  if (settings_.segments > 0 || task.kind == ContextKind::short_text) return;
  target_ = range.min + static_cast<std::uint32_t>(random_.below(range.max - range.min + std::uint64_t{1}));
  ceiling_ = target_;
}

Context ContextBuilder::make() {
  if (task_.kind == ContextKind::short_text) {
    take_short_document();
    return finish();
  }
  if (task_.kind == ContextKind::fine_grained)
    add_evidence_segments();
  else
    add_evidence_document();
  find_graded_fillers();
  if (target_ > 0)
    fill_to_target();
  else
    fill_to_count();
  random_.shuffle(members_);
  if (!settings_.position_weights.empty()) place_evidence();
  if (task_.twin) replace_evidence();
  return finish();
}

std::uint32_t ContextBuilder::length_with(std::uint32_t segment) const {
  const std::uint64_t length =
      std::uint64_t{tokens_} + index_.tokens[segment] + (members_.empty() ? 0 : plan_.newline_tokens);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(length, UINT32_MAX));
}

bool ContextBuilder::attribute_free(std::uint32_t segment) const {
  const std::uint16_t attribute = index_.attribute_of(segment);
  return attribute == 0 || !attributes_.contains(attribute);
}

bool ContextBuilder::text_is_new(std::uint32_t segment) const {
  return !hashes_.contains(index_.hash[segment]);
}

void ContextBuilder::add(std::uint32_t segment, bool evidence) {
  tokens_ = length_with(segment);
  members_.push_back({segment, evidence});
  segments_.insert(segment);
  hashes_.insert(index_.hash[segment]);
  documents_.insert(index_.document[segment]);
  if (evidence) evidence_documents_.insert(index_.document[segment]);
  if (const std::uint16_t attribute = index_.attribute_of(segment); attribute != 0)
    attributes_.insert(attribute);
}

Context ContextBuilder::finish() {
  Context context;
  context.id = task_.id;
  context.kind = task_.kind;
  context.split = task_.split;
  context.target_tokens = target_;
  context.tokens = tokens_;
  if (task_.twin) context.twin_of = task_.of;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    context.segments.push_back(members_[i].segment);
    if (members_[i].evidence) context.evidence.push_back(static_cast<std::uint32_t>(i));
  }
  if (settings_.fillers.graded()) context.alike = alike_;
  return context;
}

Error ContextBuilder::shortfall() const {
  const std::string wanted =
      target_ > 0 ? std::to_string(target_) + " tokens" : std::to_string(settings_.segments) + " segments";
  const std::string split = name_of(task_.split), number = std::to_string(task_.id),
                    kind = name_of(task_.kind);
  if (pool_.count == 1 && task_.kind != ContextKind::short_text)
    return config_error("split " + split +
                            " holds one document, and the fillers of a context come from others (context " +
                            number + ", " + kind + ")",
                        advice_for(plan_, task_.split));
  const std::string needles =
      index_.attribute.empty()
          ? ""
          : "; where needles fill the context: more attributes, or a lower records.fraction";
  return config_error("split " + split + ": of its " + std::to_string(pool_.segments.size()) +
                          " segments no further one fits into context " + number + " (" + kind + ", wanted " +
                          wanted + ", has " + std::to_string(tokens_) + " tokens in " +
                          std::to_string(members_.size()) + " segments)",
                      advice_for(plan_, task_.split) + needles);
}

}  // namespace film::contexts
