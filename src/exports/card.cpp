#include "card.h"

#include <fmt/format.h>

#include <numeric>

#include "film/base/format.h"

namespace film::exports {
namespace {

std::uint64_t all_rows(const ExportFacts& facts) {
  return std::accumulate(facts.rows.begin(), facts.rows.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& split) { return sum + split.second; });
}

// The bands that the hub of Hugging Face knows.
std::string size_category(std::uint64_t rows) {
  if (rows < 1'000) return "n<1K";
  if (rows < 10'000) return "1K<n<10K";
  if (rows < 100'000) return "10K<n<100K";
  if (rows < 1'000'000) return "100K<n<1M";
  return "1M<n<10M";
}

std::string configs(const ExportSettings& settings, const ExportFacts& facts) {
  if (settings.form == ExportForm::retrieval)
    return "- config_name: corpus\n  data_files: corpus.jsonl\n- config_name: queries\n  data_files: "
           "queries.jsonl\n";
  std::string text = "- config_name: default\n  data_files:\n";
  for (const auto& [split, rows] : facts.rows)
    text += "  - split: " + split + "\n    path: " + split + ".jsonl\n";
  return text;
}

std::string head(const ExportSettings& settings, const ExportFacts& facts) {
  return "---\npretty_name: " + settings.name + "\nlicense: " + settings.license + "\n" +
         (settings.language.empty() ? "" : "language:\n- " + settings.language + "\n") +
         "size_categories:\n- " + size_category(all_rows(facts)) +
         "\ntask_categories:\n- question-answering\ntags:\n- long-context\n- "
         "information-intensive-training\nconfigs:\n" +
         configs(settings, facts) + "---\n";
}

std::string row_explained(ExportForm form) {
  switch (form) {
    case ExportForm::messages:
      return "`messages` is a chat of two turns: context and question, then the answer.";
    case ExportForm::rl:
      return "`prompt` is the user's turn, context and question; `answer` is the reference answer.";
    case ExportForm::text:
      return "`text` is prompt and answer as one text.";
    case ExportForm::retrieval:
      break;
  }
  return "The layout is BEIR's: `corpus.jsonl` holds the segments, `queries.jsonl` the questions, `qrels/` "
         "says which "
         "segments a question needs.";
}

std::string evidence_explained(ExportForm form) {
  if (form == ExportForm::retrieval) return "";
  return " `evidence` names the segments that the answer needs: their position among the segments of the "
         "context "
         "(from 0), how many those are, their number in the store and their text. `tokens` is the length of "
         "the context "
         "in tokens of the tokenizer below.";
}

std::string counts(const ExportFacts& facts) {
  std::string text = "| split | questions |\n|---|---:|\n";
  for (const auto& [split, rows] : facts.rows) text += "| " + split + " | " + grouped(rows) + " |\n";
  return text;
}

std::string lengths(const ContextFacts& contexts) {
  if (!contexts.lengths) return "";
  return "- Contexts hold " + grouped(contexts.lengths->shortest) + " to " +
         grouped(contexts.lengths->longest) + " tokens.\n";
}

// Questions without an answer, and text that is chosen to mislead.
std::string additions(ExportForm form, const ContextFacts& contexts) {
  std::string text;
  if (contexts.twins)
    text +=
        form == ExportForm::retrieval
            ? "- Questions that their context does not answer are left out: no segment is relevant to them.\n"
            : "- Rows with `unanswerable` repeat the question of another row in the same context without its "
              "evidence; the answer says so.\n";
  if (contexts.fillers)
    text += "- " + grouped(contexts.fillers->alike) + " of " + grouped(contexts.fillers->count) +
            " segments around the evidence were chosen since they are like it (grade " +
            contexts.fillers->grade + ").\n";
  return text;
}

std::string cleaning(const CorpusFacts& corpus) {
  std::string text;
  if (corpus.left_out)
    for (const auto& [reason, count] : *corpus.left_out)
      text += "- Left out of the corpus: " + grouped(count) + " documents (" + reason + ").\n";
  if (!corpus.decontamination)
    return text + "- The corpus was not compared with evaluation texts (`decontaminate.inputs`).\n";
  text += fmt::format("- No document shares {} words in a row with these evaluation files:",
                      corpus.decontamination->words);
  for (const auto& file : corpus.decontamination->files) text += " `" + file.name + "`";
  return text + ".\n";
}

}  // namespace

std::string card(const ExportSettings& settings, const SynthFacts& made, const ExportFacts& facts) {
  return head(settings, facts) + "\n# " + settings.name +
         "\n\nQuestions on long contexts for information-intensive (IN2) training (arXiv 2404.16811), made "
         "by `film`. A "
         "context is a row of segments of a corpus; each question needs the segments that are named as its "
         "evidence, "
         "which stand at any position.\n\n" +
         row_explained(settings.form) + evidence_explained(settings.form) + "\n\n" + counts(facts) +
         "\n## How it was made\n\n" +
         fmt::format("- {} documents in {} segments of at least {} tokens; seed {}.\n",
                     grouped(made.corpus.all.documents), grouped(made.corpus.all.segments),
                     made.corpus.segment_tokens.at_least, made.seed) +
         lengths(made.contexts) + additions(settings.form, made.contexts) + "- Tokenizer: SHA-256 `" +
         made.tokenizer.sha256 + "`.\n" + cleaning(made.corpus) +
         "- Splits are by document: no document of the test contexts is in a training context.\n";
}

Json llama_factory_info(const ExportSettings& settings, const ExportFacts& facts) {
  Json info = Json::object();
  for (const auto& [split, rows] : facts.rows)
    info[settings.name + "_" + split] = {{"file_name", split + ".jsonl"},
                                         {"formatting", "sharegpt"},
                                         {"columns", {{"messages", "messages"}}},
                                         {"tags",
                                          {{"role_tag", "role"},
                                           {"content_tag", "content"},
                                           {"user_tag", "user"},
                                           {"assistant_tag", "assistant"}}}};
  return info;
}

}  // namespace film::exports
