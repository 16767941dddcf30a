#include "film/questions/settings.h"

#include "film/base/error.h"

namespace film::questions {
namespace {

void require_placeholder(const std::string& key, const std::string& text, const std::string& placeholder) {
  if (text.find(placeholder) == std::string::npos)
    throw config_error(key + " must contain " + placeholder + ", got \"" + text + "\"");
}

void require_order(const std::string& low_key, std::uint32_t low, const std::string& high_key,
                   std::uint32_t high) {
  if (low > high)
    throw config_error(low_key + " (" + std::to_string(low) + ") is above " + high_key + " (" +
                       std::to_string(high) + ")");
}

}  // namespace

void TypeWeights::describe(Fields& f) {
  f.add("planted", planted, "weight of questions about planted records").range(0, 1e9);
  f.add("cloze", cloze, "weight of sentences with words left out").range(0, 1e9);
  f.add("sentence", sentence, "weight of 'which sentence contains …'").range(0, 1e9);
}

void PlantedQuestions::describe(Fields& f) {
  f.add("question", question, "wording, with {attribute}; empty = records.question of film synth");
}

void ClozeQuestions::describe(Fields& f) {
  f.add("question", question, "wording, with {sentence} (and {blank})");
  f.add("blank", blank, "what stands for the words left out");
  f.add("min_words", min_words, "fewest words left out").range(1, 1000).in("words");
  f.add("max_words", max_words, "most words left out").range(1, 1000).in("words");
}

void SentenceQuestions::describe(Fields& f) {
  f.add("question", question, "wording, with {piece}");
  f.add("piece_words", piece_words, "consecutive words quoted").range(1, 1000).in("words");
}

void QaSettings::describe(Fields& f) {
  f.add("seed", seed, "seed of every random choice");
  f.add("threads", threads, "threads to use; 0 = all cores").range(0, 4096).runtime();
  f.add("tokenizer", tokenizer, "the .model file that film synth used; empty = where it was then").runtime();
  f.add("generator", generator, "who writes the questions").one_of({"offline", "endpoint", "import"});
  f.add("import", import, "CSV or JSONL file of written questions, for generator import").runtime();
  f.add("per_context", per_context, "at most so many evidence segments of a context are asked about; 0 = all")
      .range(0, 1e6);
  f.add("attempts", attempts, "draws of a question on one segment before it is given up").range(1, 1000);
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
  f.add("spares", spares,
        "share of the contexts of each split and kind that is held back for those that give no question")
      .range(0, 0.9);
  f.group("prompts", prompts);
  f.group("filters", filters);
  f.group("endpoint", endpoint);
}

void QaSettings::check() const {
  if ((generator == "import") == import.empty())
    throw config_error("generator import and the setting import go together",
                       "film qa DATA --import FILE sets both");
  if (generator == "endpoint") endpoint.check();
  if (types.planted + types.cloze + types.sentence <= 0)
    throw config_error("types: all weights are 0",
                       "set at least one of types.planted, types.cloze, types.sentence");
  if (!planted.question.empty()) require_placeholder("planted.question", planted.question, "{attribute}");
  require_placeholder("cloze.question", cloze.question, "{sentence}");
  require_placeholder("sentence.question", sentence.question, "{piece}");
  require_order("min_sentence_words", min_sentence_words, "max_sentence_words", max_sentence_words);
  require_order("cloze.min_words", cloze.min_words, "cloze.max_words", cloze.max_words);
  if (types.cloze > 0)
    require_order("cloze.max_words + 1", cloze.max_words + 1, "min_sentence_words", min_sentence_words);
  if (types.sentence > 0)
    require_order("sentence.piece_words", sentence.piece_words, "min_sentence_words", min_sentence_words);
}

}  // namespace film::questions
