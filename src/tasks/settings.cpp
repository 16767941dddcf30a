#include "film/tasks/settings.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/records/scores.h"
#include "film/tasks/catalog.h"

namespace film::tasks {

void ProbeSize::describe(Fields& f) {
  f.add("context_tokens", context_tokens, "upper bound of the context's length")
      .range(16, 1 << 24)
      .in("tokens");
  f.add("items", items, "questions asked, ambiguous ones included").range(1, 1 << 20);
  f.add("contexts", contexts, "contexts over which the questions are spread").range(1, 1 << 20);
  f.add("max_new_tokens", max_new_tokens, "longest answer").range(1, 4096).in("tokens");
  f.add("remark", remark, "a sentence shown with the result");
}

void DocumentSettings::describe(Fields& f) {
  ProbeSize::describe(f);
  f.add("source", source, "file or folder of .txt, .md or .jsonl (also .gz, .zst)");
  f.add("text_key", text_key, "key of the text in a JSONL record");
  f.add("min_words", min_words, "shortest sentence used").range(1, 1000).in("words");
  f.add("max_words", max_words, "longest sentence used").range(1, 1000).in("words");
  f.add("adapt", adapt, "where no sentence is of these lengths, use those that most have, with a warning");
  f.add("piece_words", piece_words, "consecutive words quoted in the question").range(1, 1000).in("words");
}

void CodeSettings::describe(Fields& f) {
  ProbeSize::describe(f);
  f.add("source", source, "file or folder of .py");
  f.add("lines", lines, "lines of a function kept below its name").range(1, 100);
}

void DatabaseSettings::describe(Fields& f) {
  ProbeSize::describe(f);
  f.add("source", source, ".csv or .jsonl (also .gz, .zst)");
  f.add("id_key", id_key, "column or key of the id");
  f.add("label_key", label_key, "column or key of the label");
  f.add("description_key", description_key, "column or key of the description");
  f.add("min_words", min_words, "fewest words in label and in description").range(1, 1000).in("words");
  f.add("max_words", max_words, "most words in label and in description").range(1, 1000).in("words");
}

void In2Settings::describe(Fields& f) {
  f.add("kinds", kinds, "kinds of contexts asked about");
  f.add("items", items, "questions asked; 0 = all").range(0, 1 << 24);
  f.add("metric", metric, "how written answers are scored");
  f.add("answers", answers, "the model writes, or the log-probability of the reference answer is taken");
  f.add("several", several, "where questions with several pieces of evidence are put on the curve");
  f.add("max_new_tokens", max_new_tokens, "longest answer").range(1, 4096).in("tokens");
  f.add("remark", remark, "a sentence shown with the result");
}

void FactorialSettings::describe(Fields& f) {
  f.add("file", file, "JSONL, CSV or TSV of the questions; empty = held-out questions of data");
  f.add("question_key", question_key, "column or key of the question");
  f.add("answers_key", answers_key, "column or key of the accepted answers");
  f.add("evidence_key", evidence_key, "column or key of the text that holds the answer");
  f.add("fillers", fillers,
        "with file: file or folder of .txt, .md or .jsonl for what stands around the evidence");
  f.add("lengths", lengths, "lengths of the contexts, in tokens");
  f.add("grades", grades, "what stands around the evidence: random, topic, near_miss, contradicting");
  f.add("contradictions", contradictions,
        "fillers of the grade contradicting that say what the evidence says, of other subjects")
      .range(1, 1000);
  f.add("depths", depths, "places of the evidence, from the first piece to the last").range(1, 100);
  f.add("items", items, "questions, each asked in every place").range(1, 1 << 20);
  f.add("metric", metric, "how written answers are scored");
  f.add("answers", answers, "the model writes, or the log-probability of the reference answer is taken");
  f.add("suffix", suffix, "text behind every question");
  f.add("max_new_tokens", max_new_tokens, "longest answer").range(1, 4096).in("tokens");
  f.add("remark", remark, "a sentence shown with the result");
}

void Settings::describe(Fields& f) {
  f.add("tasks", tasks, "probes (in2, document, code, database) and task files to run");
  f.add("task_folders", task_folders, "folders searched for task files NAME.json, before film's own")
      .runtime();
  f.add("task_data", task_data, "folder searched for the data of task files, before their own folder")
      .runtime();
  f.add("seed", seed, "of the contexts, questions and resamples");
  f.group("document", document);
  f.group("code", code);
  f.group("database", database);
  f.group("in2", in2);
  f.group("factorial", factorial);
}

namespace {

void check_words(std::uint32_t least, std::uint32_t most, const std::string& group) {
  if (least > most)
    throw config_error(
        group + ".min_words is " + std::to_string(least) + ", more than max_words " + std::to_string(most),
        "lower " + group + ".min_words or raise " + group + ".max_words");
}

}  // namespace

void check_factorial(const FactorialSettings& s) {
  const auto fits = [](std::uint32_t length) { return length >= 16 && length <= (1U << 24); };
  if (s.lengths.empty() || !std::ranges::all_of(s.lengths, fits))
    throw config_error("factorial.lengths must be a list of lengths from 16 to 16777216 tokens",
                       "e.g. [1024, 4096]");
  for (const std::string& grade : s.grades)
    if (!from_name<Filler>(grade))
      throw config_error("factorial.grades: there is no grade \"" + grade + "\"",
                         "there are: " + join(names_of<Filler>(), ", "));
  if (s.grades.empty()) throw config_error("factorial.grades is empty", "e.g. [\"random\"]");
  if (!s.file.empty() && s.fillers.empty())
    throw config_error("factorial.file is set, but factorial.fillers is not",
                       "name the text that stands around the evidence: --set factorial.fillers=PATH");
}

void check(const Settings& s) {
  if (s.tasks.empty())
    throw config_error("tasks is empty: nothing to ask", "name some, e.g. --set tasks=[\"in2\"]");
  const Catalog catalog(s.task_folders);
  for (const std::string& name : s.tasks) catalog.require(name);
  check_factorial(s.factorial);
  check_words(s.document.min_words, s.document.max_words, "document");
  check_words(s.database.min_words, s.database.max_words, "database");
  if (s.document.piece_words > s.document.min_words)
    throw config_error("document.piece_words is " + std::to_string(s.document.piece_words) +
                           ", more than the shortest sentence has (" + std::to_string(s.document.min_words) +
                           ")",
                       "lower document.piece_words or raise document.min_words");
}

}  // namespace film::tasks
