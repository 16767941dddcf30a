#include "film/questions/offline_writer.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "film/base/fill_template.h"
#include "film/base/random.h"
#include "film/questions/sentences.h"

namespace film::questions {
namespace {

struct Draft {
  std::string question, answer;
  std::string piece;  // quoted words that must be unique too; empty: none
  const char* problem = nullptr;
};

bool is_edge(char c) {  // what a blank leaves standing around it
  return static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) == 0;
}

std::string_view trim_edges(std::string_view words) {
  while (!words.empty() && is_edge(words.front())) words.remove_prefix(1);
  while (!words.empty() && is_edge(words.back())) words.remove_suffix(1);
  return words;
}

// One context at work.
class Session {
 public:
  Session(const QaSettings& settings, const std::string& planted_question, const ContextMaterial& material)
      : settings_(settings),
        planted_question_(planted_question),
        material_(material),
        random_(settings.seed, "questions", material.context.id) {
    for (const std::string& text : material.texts) {
      flat_.push_back(flatten(text));
      small_.push_back(to_small(flat_.back()));
    }
  }

  WrittenQuestions run() {
    for (const std::uint32_t position : positions()) ask(position);
    return std::move(written_);
  }

 private:
  std::vector<std::uint32_t> positions() {
    std::vector<std::uint32_t> all = material_.context.evidence;
    if (settings_.per_context == 0 || all.size() <= settings_.per_context) return all;
    random_.shuffle(all);
    all.resize(settings_.per_context);
    std::ranges::sort(all);
    return all;
  }

  std::string draw_type(std::uint32_t position) {
    const bool record = material_.planted[position] != nullptr;
    const double planted = record ? settings_.types.planted : 0;
    const double total = planted + settings_.types.cloze + settings_.types.sentence;
    if (total <= 0) return "";
    const double u = random_.uniform() * total;
    if (u < planted) return "planted";
    return u < planted + settings_.types.cloze ? "cloze" : "sentence";
  }

  void ask(std::uint32_t position) {
    const std::string type = draw_type(position);
    Draft draft;
    draft.problem = "nothing_to_ask";
    for (std::uint32_t i = 0; i < settings_.attempts && !type.empty() && draft.problem != nullptr; ++i) {
      draft = type == "planted" ? planted(position) : type == "cloze" ? cloze(position) : sentence(position);
      if (draft.problem == nullptr) draft.problem = check(draft, position);
      if (type == "planted") break;  // there is but one
    }
    if (draft.problem != nullptr) {
      written_.rejected.push_back({{position}, type, draft.problem, draft.question, draft.answer});
      return;
    }
    Json labels = {{"type", type}, {"extractive", true}, {"generator", "offline"}};
    if (type == "planted") labels["attribute"] = material_.planted[position]->attribute;
    written_.kept.push_back({draft.question, draft.answer, {position}, labels});
  }

  Draft planted(std::uint32_t position) const {
    const PlantedRecord& record = *material_.planted[position];
    return {fill_template(planted_question_, "attribute", record.attribute), record.value, "", nullptr};
  }

  // A sentence of the segment that is not its planted record.
  std::optional<std::string_view> draw_sentence(std::uint32_t position) {
    auto found = sentences(flat_[position], settings_.min_sentence_words, settings_.max_sentence_words);
    if (const PlantedRecord* record = material_.planted[position])
      std::erase_if(found,
                    [&](std::string_view s) { return s.find(record->sentence) != std::string_view::npos; });
    if (found.empty()) return std::nullopt;
    return found[random_.below(found.size())];
  }

  Draft cloze(std::uint32_t position) {
    const auto sentence = draw_sentence(position);
    if (!sentence) return {"", "", "", "no_whole_sentence"};
    const std::vector<std::string_view> words = split_words(*sentence);
    const ClozeQuestions& form = settings_.cloze;
    const std::uint64_t count = form.min_words + random_.below(form.max_words - form.min_words + 1);
    const std::uint64_t first = random_.below(words.size() - count + 1);
    const char* end = words[first + count - 1].data() + words[first + count - 1].size();
    const std::string_view run(words[first].data(), static_cast<std::size_t>(end - words[first].data()));
    const std::string_view answer = trim_edges(run);
    if (answer.empty()) return {"", "", "", "nothing_to_ask"};
    std::string quoted(*sentence);
    quoted.replace(static_cast<std::size_t>(answer.data() - sentence->data()), answer.size(), form.blank);
    std::string question = fill_template(form.question, "blank", form.blank);
    return {fill_template(std::move(question), "sentence", quoted), std::string(answer), "", nullptr};
  }

  Draft sentence(std::uint32_t position) {
    const auto answer = draw_sentence(position);
    if (!answer) return {"", "", "", "no_whole_sentence"};
    const std::vector<std::string_view> words = split_words(*answer);
    const std::uint64_t count = settings_.sentence.piece_words;
    const std::uint64_t first = random_.below(words.size() - count + 1);
    const std::string_view last = words[first + count - 1];
    const std::string piece(words[first].data(), last.data() + last.size());
    return {fill_template(settings_.sentence.question, "piece", piece), std::string(*answer), piece, nullptr};
  }

  // Why a draft may not be kept, or nullptr.
  const char* check(const Draft& draft, std::uint32_t position) const {
    const std::string answer = to_small(draft.answer), piece = to_small(draft.piece);
    if (count_occurrences(small_[position], answer) == 0) return "answer_not_in_segment";
    if (count_occurrences(to_small(draft.question), answer) > 0) return "answer_in_question";
    if (!piece.empty() && count_occurrences(small_[position], piece) != 1) return "piece_not_unique";
    for (std::size_t i = 0; i < small_.size(); ++i) {
      if (i == position) continue;
      if (count_occurrences(small_[i], answer) > 0) return "answer_in_other_segments";
      if (!piece.empty() && count_occurrences(small_[i], piece) > 0) return "piece_not_unique";
    }
    return nullptr;
  }

  const QaSettings& settings_;
  const std::string& planted_question_;
  const ContextMaterial& material_;
  Random random_;
  std::vector<std::string> flat_, small_;  // texts with plain white space; the same in small letters
  WrittenQuestions written_;
};

}  // namespace

OfflineWriter::OfflineWriter(const QaSettings& settings, std::string planted_question)
    : settings_(settings), planted_question_(std::move(planted_question)) {}

WrittenQuestions OfflineWriter::write(const ContextMaterial& material) const {
  return Session(settings_, planted_question_, material).run();
}

}  // namespace film::questions
