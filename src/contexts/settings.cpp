#include "film/contexts/settings.h"

#include <algorithm>

#include "film/base/error.h"

namespace film::contexts {

double KindWeights::weight(ContextKind kind) const {
  return std::array{fine_grained, integration, short_text}[static_cast<std::size_t>(kind)];
}

void KindWeights::describe(Fields& f) {
  f.add("fine_grained", fine_grained, "weight of contexts made for questions on one segment").range(0, 1e9);
  f.add("integration", integration, "weight of contexts that hold all segments of one document")
      .range(0, 1e9);
  f.add("short", short_text, "weight of whole documents, in order and without fillers").range(0, 1e9);
}

void TargetSettings::describe(Fields& f) {
  f.add("min", min, "shortest context; lengths are uniform from here to target.max")
      .range(1, 1e7)
      .in("tokens");
  f.add("max", max, "longest context; never exceeded").range(1, 1e7).in("tokens");
}

void FillerSettings::describe(Fields& f) {
  f.add("grade", grade,
        "which segments stand around the evidence: any (the paper), those about the same topic, those that "
        "share its rarest "
        "words");
  f.add("share", share, "fraction of a context's fillers that are of this grade, if there are enough")
      .range(0, 1);
}

void ContextSettings::describe(Fields& f) {
  f.add("train", train, "contexts to make for training").range(0, 1e9);
  f.add("validation", validation, "contexts to make for validation").range(0, 1e9);
  f.add("test", test, "contexts to make for tests").range(0, 1e9);
  f.group("kinds", kinds);
  f.group("target", target);
  f.add("segments", segments, "exactly so many segments a context; 0 = as many as its target length takes")
      .range(0, 1e6);
  f.add("questions_per_context", questions_per_context,
        "evidence segments, each of another document; 0 = every segment with a needle")
      .range(0, 1e4);
  f.add("evidence", evidence, "which segments may be asked about; planted: those with a needle");
  f.add("position_weights", position_weights,
        "where evidence stands: weights of equal parts of the context from start to end, such as [4,1,1,4]; "
        "empty = "
        "everywhere alike (the paper). Not for kind short");
  f.group("fillers", fillers);
  f.add("twins", twins,
        "unanswerable questions for each training question with an answer: the same question in the same "
        "context, where other "
        "text stands in place of the evidence; 0 = none, as in the paper")
      .range(0, 1);
  f.add("document_max", document_max, "longest document taken whole (kinds integration and short)")
      .range(1, 1e7)
      .in("tokens");
}

std::uint64_t ContextSettings::count(Split split) const {
  return std::array{train, validation, test}[static_cast<std::size_t>(split)];
}

void ContextSettings::check(const corpus::NeedleSettings& needles) const {
  if (target.min > target.max)
    throw config_error("contexts.target.min (" + std::to_string(target.min) +
                       ") is above contexts.target.max (" + std::to_string(target.max) + ")");
  if (train + validation + test == 0)
    throw config_error("contexts.train, contexts.validation and contexts.test are all 0: nothing to make");
  if (kinds.fine_grained + kinds.integration + kinds.short_text <= 0)
    throw config_error("contexts.kinds: all weights are 0", "set at least contexts.kinds.fine_grained=1");
  if (twins > 0 && (segments == 1 || kinds.fine_grained + kinds.integration <= 0))
    throw config_error("contexts.twins needs contexts with fillers, to stand in place of the evidence",
                       "raise contexts.segments and contexts.kinds.fine_grained, or set contexts.twins=0");
  if (twins > 0 && ask_all())
    throw config_error(
        "contexts.twins puts other text in place of what is asked about, but questions_per_context=0 asks "
        "about every segment",
        "set contexts.questions_per_context=1 or more, or contexts.twins=0");
  if (needles_only() && !needles.on())
    throw config_error(
        "contexts ask about needles only (questions_per_context 0 or evidence \"planted\"), but "
        "records.fraction is 0",
        "set records.fraction and records.attributes, or questions_per_context=1 and evidence=any");
  if (ask_all() && kinds.integration + kinds.short_text > 0)
    throw config_error("contexts.questions_per_context=0 needs contexts of kind fine_grained only",
                       "set contexts.kinds.integration=0 and contexts.kinds.short=0");
  if (!position_weights.empty() && ask_all())
    throw config_error(
        "contexts.position_weights choose what is asked about, but questions_per_context=0 asks about "
        "every segment",
        "set contexts.questions_per_context=1 or more, or leave the weights out");
  if (!position_weights.empty() && std::ranges::all_of(position_weights, [](auto w) { return w == 0; }))
    throw config_error("contexts.position_weights are all 0",
                       "give at least one part of the context a weight");
  if (segments > 0 && questions_per_context > segments)
    throw config_error("contexts.questions_per_context (" + std::to_string(questions_per_context) +
                       ") is above contexts.segments (" + std::to_string(segments) + ")");
  const std::size_t attributes = needles.attributes.size();
  if (needles_only() && questions_per_context > attributes)
    throw config_error("contexts.questions_per_context is " + std::to_string(questions_per_context) +
                       ", but there are " + std::to_string(attributes) +
                       " attributes and a context holds at most one needle of each");
  if (needles.fraction >= 1 && segments > attributes)
    throw config_error("contexts.segments is " + std::to_string(segments) +
                           " and every segment has a needle, but there are only " +
                           std::to_string(attributes) + " attributes, one needle of each a context",
                       "lower contexts.segments or records.fraction, or list more attributes");
}

}  // namespace film::contexts
