#include "writer.h"

#include <algorithm>
#include <optional>

#include "draft.h"

namespace film::questions {
namespace {

// One context at work.
class Session {
 public:
  Session(const QaSettings& settings, const std::string& needle_question, const ContextMaterial& material)
      : settings_(settings),
        needle_question_(needle_question),
        material_(material),
        random_(settings.seed, "questions", material.context.id) {
    for (const std::string& text : material.texts) texts_.emplace_back(text);
  }

  WrittenQuestions run() {
    for (const std::uint32_t position : draw_positions()) ask(position);
    return std::move(written_);
  }

 private:
  std::vector<std::uint32_t> draw_positions() {
    std::vector<std::uint32_t> all = material_.context.evidence;
    if (settings_.per_context == 0 || all.size() <= settings_.per_context) return all;
    random_.shuffle(all);
    all.resize(settings_.per_context);
    std::ranges::sort(all);
    return all;
  }

  // Nothing where no type of positive weight suits the segment.
  std::optional<OfflineType> draw_type(std::uint32_t position) {
    const TypeWeights& weights = settings_.offline.types;
    const double planted = material_.needles[position] == nullptr ? 0 : weights.planted;
    const double total = planted + weights.cloze + weights.sentence;
    if (total <= 0) return std::nullopt;
    const double u = random_.uniform() * total;
    if (u < planted) return OfflineType::planted;
    return u < planted + weights.cloze ? OfflineType::cloze : OfflineType::sentence;
  }

  void ask(std::uint32_t position) {
    const std::optional<OfflineType> type = draw_type(position);
    if (!type) {
      written_.rejected.push_back({{position}, "", RejectReason::nothing_to_ask, "", ""});
      return;
    }
    Draft draft;
    if (const auto reason = write(*type, position, draft))
      written_.rejected.push_back({{position}, name_of(*type), *reason, draft.question, draft.answer});
    else
      written_.kept.push_back({draft.question, draft.answer, {position}, labels(*type, position)});
  }

  // Draws until a draft passes, and gives the last one and the reason against it.
  std::optional<RejectReason> write(OfflineType type, std::uint32_t position, Draft& last) {
    std::vector<std::string_view> sentences;
    if (type != OfflineType::planted)
      sentences = askable_sentences(texts_[position].flat, material_.needles[position], settings_.offline);
    // There is only one way to ask about a needle.
    const std::uint32_t attempts = type == OfflineType::planted ? 1 : settings_.offline.attempts;
    std::optional<RejectReason> reason;
    for (std::uint32_t i = 0; i < attempts; ++i) {
      DraftOrReason drawn = draw(type, position, sentences);
      const Draft* draft = std::get_if<Draft>(&drawn);
      last = draft == nullptr ? Draft() : *draft;
      reason = draft == nullptr ? std::get<RejectReason>(drawn) : reject_reason(last, texts_, position);
      if (!reason) break;
    }
    return reason;
  }

  DraftOrReason draw(OfflineType type, std::uint32_t position,
                     const std::vector<std::string_view>& sentences) {
    switch (type) {
      case OfflineType::planted:
        return planted_draft(needle_question_, *material_.needles[position]);
      case OfflineType::cloze:
        return cloze_draft(sentences, settings_.offline.cloze, random_);
      case OfflineType::sentence:
        return sentence_draft(sentences, settings_.offline.sentence, random_);
    }
    return RejectReason::nothing_to_ask;
  }

  Json labels(OfflineType type, std::uint32_t position) const {
    Json labels = {{"type", name_of(type)}, {"extractive", true}, {"generator", "offline"}};
    if (type == OfflineType::planted) labels["attribute"] = material_.needles[position]->attribute;
    return labels;
  }

  const QaSettings& settings_;
  const std::string& needle_question_;
  const ContextMaterial& material_;
  Random random_;
  std::vector<PlainText> texts_;  // parallel to the context's segments
  WrittenQuestions written_;
};

}  // namespace

WrittenQuestions OfflineWriter::write(const ContextMaterial& material) const {
  return Session(settings_, needle_question_, material).run();
}

}  // namespace film::questions
