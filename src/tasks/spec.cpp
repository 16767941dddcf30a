#include "spec.h"

#include <algorithm>

#include "film/base/error.h"

namespace film::tasks {

void TaskColumns::describe(Fields& f) {
  f.add("id", id, "column of a unique id; empty: rows are numbered");
  f.add("context", context, "column of the context; empty: there is none");
  f.add("question", question, "column of the question; empty: the prompt alone asks");
  f.add("answers", answers, "column of the accepted answers: one or a list");
  f.add("more_answers", more_answers, "further columns of accepted answers");
  f.add("group", group, "column that is equal in rows about one context, where the question holds it");
  f.add("choices", choices, "column with a list of choices, or one column per choice");
  f.add("labels", labels, "column with the names of the choices that answers give");
  f.add("others", others, "columns that the prompt and the description name in braces");
  f.add("answer_start", answer_start, "column of what the answer begins with, given to the model");
  f.add("slot", slot, "column of the piece of the context that holds the evidence, from 0");
  f.add("slots", slots, "column of the number of pieces of the context");
}

void Shots::describe(Fields& f) {
  f.add("count", count, "worked examples in front of each question").range(0, 1000);
  f.add("file", file, "file of the examples; empty: the first rows of the data, which are then not asked");
  f.add("separator", separator, "text behind each example");
  f.add("match", match, "one of columns.others; a question has the first examples that equal it there");
}

void TaskSpec::describe(Fields& f) {
  f.add("like", like, "task file beside this one, whose keys hold where they are not set here");
  f.add("group", group, "name of the tasks that this one belongs to");
  f.add("file", file, "JSONL, CSV or TSV file of the questions (also .gz, .zst)");
  f.group("columns", columns);
  f.add("layout", layout, "what a row is");
  f.add("race_v2", race_v2, "layout race: blanks are filled as lm-evaluation-harness did until 0.4.11");
  f.list("clean", clean, "what is done to texts, in this order");
  f.add("choices", choices, "choices that are the same for all rows");
  f.add("named", named, "how a row names its right choice");
  f.add("description", description, "text in front of the examples, once");
  f.add("prompt", prompt, "what is asked, with {context}, {question}, {choices} and {examples}");
  f.add("wrap", wrap, "what is put around the prompt");
  f.add("begin", begin, "wrap none: whether <s> stands in front of the prompt");
  f.add("mode", mode, "the model writes its answer, or chooses by log-likelihood");
  f.add("rated", rated, "what of a choice is rated");
  f.add("answer_lead", answer_lead, "text between prompt and answer, in examples and before rated choices");
  f.add("metric", metric, "how answers are scored");
  f.add("max_new_tokens", max_new_tokens, "longest answer").range(1, 1 << 20).in("tokens");
  f.add("stop", stop, "an answer ends before the first of these strings");
  f.group("shots", shots);
  f.add("max_prompt_tokens", max_prompt_tokens,
        "longest prompt; the middle of longer ones is left out; 0 = any")
      .range(0, 1 << 24)
      .in("tokens");
  f.add("slots", slots, "pieces of every context, where no column says how many").range(0, 1 << 24);
  f.add("lengths", lengths,
        "by whose rule scores of several lengths are summed up; the data may then be in folders by length");
  f.add("skip", skip, "JSON file with a list of rows, counted from 0, that are not scored");
  f.add("remark", remark, "a sentence shown with the result");
}

namespace {

constexpr std::array<std::string_view, 4> kCleaned = {"context", "question", "choices", "prompt"};

bool holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void check(const TaskSpec& spec) {
  const auto fail = [&](const std::string& what, const std::string& remedy) {
    throw config_error(spec.path.string() + ": " + what, remedy);
  };
  if (spec.file.empty()) fail("file is not set", "name the JSONL or CSV file of the questions");
  if (spec.columns.answers.empty())
    fail("columns.answers is not set", "name the column of the accepted answers");
  if (holds(spec.prompt, "{question}") && spec.columns.question.empty())
    fail("prompt holds {question}, but columns.question is empty", "name the column of the question");
  if (holds(spec.prompt, "{context}") && spec.columns.context.empty())
    fail("prompt holds {context}, but columns.context is empty", "name the column of the context");
  if (holds(spec.prompt, "{choices}") && !spec.has_choices())
    fail("prompt holds {choices}, but columns.choices is empty", "name the column of the choices");
  if (spec.mode == Mode::choose && !spec.has_choices())
    fail("mode choose without columns.choices", "name the column of the choices, or use mode generate");
  if (!spec.choices.empty() && !spec.columns.choices.empty())
    fail("both choices and columns.choices are set", "choices is for those that are the same in all rows");
  if ((spec.named == Named::label) != !spec.columns.labels.empty())
    fail("only one of named label and columns.labels is set", "labels need both");
  const auto& others = spec.columns.others;
  const auto is_other = [&](const std::string& name) {
    return std::ranges::find(others, name) != others.end();
  };
  if (!spec.shots.match.empty() && (!is_other(spec.shots.match) || spec.shots.file.empty()))
    fail("shots.match is \"" + spec.shots.match +
             "\", which must be one of columns.others, with shots.file set",
         "name the file of the examples and the column in which examples and question are equal");
  for (const Cleaning& cleaning : spec.clean)
    if (!is_other(cleaning.of) && std::ranges::find(kCleaned, cleaning.of) == kCleaned.end())
      fail("clean names \"" + cleaning.of + "\"",
           "there are: context, question, choices, prompt, and the names in columns.others");
  if (holds(spec.prompt, "{examples}") &&
      std::ranges::find(spec.clean, "prompt", &Cleaning::of) != spec.clean.end())
    fail("clean of prompt, which holds {examples}", "leave {examples} out: they go in front of it");
  if (spec.wrap == Wrap::messages && (spec.prompt != "{question}" || !spec.columns.context.empty()))
    fail("wrap messages with a prompt or a context of its own",
         "the column of the question holds all messages");
  if (spec.wrap == Wrap::messages && (spec.mode == Mode::choose || spec.shots.count > 0))
    fail("wrap messages with mode choose or shots", "a conversation is answered in writing, as it is");
  if (!holds(spec.prompt, "{context}") && !spec.columns.context.empty() && spec.wrap == Wrap::none)
    fail("wrap none, but prompt does not hold {context}", "say in prompt where the context goes");
  if (spec.columns.slot.empty() != (spec.columns.slots.empty() && spec.slots == 0))
    fail("only one of columns.slot and columns.slots is set", "a position needs both; slots may be a number");
}

}  // namespace

TaskSpec read_spec(const fs::path& path) {
  TaskSpec spec;
  spec.path = path;
  spec.name = path.stem().string();
  Fields fields;
  spec.describe(fields);
  const Json own = read_json(path);
  if (const Json like = own.is_object() && own.contains("like") ? own["like"] : Json(); like.is_string()) {
    const fs::path base = path.parent_path() / like.get<std::string>();
    const Json keys = read_json(base);
    if (keys.is_object() && keys.contains("like"))
      throw config_error(path.string() + ": " + base.string() + " is itself like another file",
                         "name the file that is written out");
    fields.apply(keys, base.string());
  }
  fields.apply(own, path.string());
  check(spec);
  return spec;
}

}  // namespace film::tasks
