#include "film/base/error.h"
#include "film/base/fill_template.h"
#include "film/questions/offline_settings.h"

namespace film::questions {
namespace {

void require_order(const std::string& low_key, std::uint32_t low, const std::string& high_key,
                   std::uint32_t high) {
  if (low > high)
    throw config_error("offline." + low_key + " (" + std::to_string(low) + ") is above offline." + high_key +
                       " (" + std::to_string(high) + ")");
}

}  // namespace

void TypeWeights::describe(Fields& f) {
  f.add("planted", planted, "weight of questions about needles").range(0, 1e9);
  f.add("cloze", cloze, "weight of sentences with words left out").range(0, 1e9);
  f.add("sentence", sentence, "weight of 'which sentence contains …'").range(0, 1e9);
}

void PlantedQuestions::describe(Fields& f) {
  f.add("question", question, "wording, with {attribute}; empty = records.question of film synth");
}

void ClozeQuestions::describe(Fields& f) {
  f.add("question", question, "wording, with {sentence} (and {blank})");
  f.add("blank", blank, "put in place of the words left out");
  f.add("min_words", min_words, "fewest words left out").range(1, 1000).in("words");
  f.add("max_words", max_words, "most words left out").range(1, 1000).in("words");
}

void SentenceQuestions::describe(Fields& f) {
  f.add("question", question, "wording, with {piece}");
  f.add("piece_words", piece_words, "consecutive words quoted").range(1, 1000).in("words");
}

void OfflineSettings::describe(Fields& f) {
  f.add("attempts", attempts, "drafts drawn for one segment before it is given up").range(1, 1000);
  f.add("min_sentence_words", min_sentence_words, "shortest sentence to ask about")
      .range(1, 10000)
      .in("words");
  f.add("max_sentence_words", max_sentence_words, "longest sentence to ask about")
      .range(1, 10000)
      .in("words");
  f.group("types", types);
  f.group("planted", planted);
  f.group("cloze", cloze);
  f.group("sentence", sentence);
}

void OfflineSettings::check() const {
  if (types.planted + types.cloze + types.sentence <= 0)
    throw config_error(
        "offline.types: all weights are 0",
        "set at least one of offline.types.planted, offline.types.cloze, offline.types.sentence");
  if (!planted.question.empty())
    require_placeholder("offline.planted.question", planted.question, "{attribute}");
  require_placeholder("offline.cloze.question", cloze.question, "{sentence}");
  require_placeholder("offline.sentence.question", sentence.question, "{piece}");
  require_order("min_sentence_words", min_sentence_words, "max_sentence_words", max_sentence_words);
  require_order("cloze.min_words", cloze.min_words, "cloze.max_words", cloze.max_words);
  if (types.cloze > 0)
    require_order("cloze.max_words + 1", cloze.max_words + 1, "min_sentence_words", min_sentence_words);
  if (types.sentence > 0)
    require_order("sentence.piece_words", sentence.piece_words, "min_sentence_words", min_sentence_words);
}

}  // namespace film::questions
