#pragma once
// A benchmark as one row of data: a file NAME.json that says where the questions are, how they are put to a model
// and how answers are scored. Format: docs/formats.md, "Task files".
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/settings.h"
#include "film/tasks/task.h"

namespace film::tasks {

// What is put around a filled prompt.
enum class Wrap {
  instruction,  // the model's prompt template, whose instruction it is (an endpoint's user message)
  none          // nothing: a model that runs here reads <s> and the prompt, and continues it
};
constexpr auto enum_names(Wrap) {
  return std::array{EnumName{Wrap::instruction, "instruction"}, EnumName{Wrap::none, "none"}};
}

// What of a choice is rated in Mode::choose.
enum class Rated { text, letter };
constexpr auto enum_names(Rated) {
  return std::array{EnumName{Rated::text, "text"}, EnumName{Rated::letter, "letter"}};
}

// Columns of the data: keys of JSONL, names in the header of CSV. An empty name: there is no such column.
struct TaskColumns {
  std::string id;                     // unique; without it rows are numbered
  std::string context;                // may be equal in neighbouring rows, which are then asked together
  std::string question = "question";  // what is asked
  std::string answers =
      "answers";  // one accepted answer or a list; of choices: text, letter, or number from 0
  std::vector<std::string> more_answers;  // further columns of accepted answers
  std::vector<std::string> choices;       // one column with a list, or one column per choice
  std::string group;  // rows of one group were asked about one context; for prompts that hold it themselves
  std::string slot, slots;  // piece of the context that holds the evidence, from 0; number of pieces
  void describe(Fields& fields);
};

// Worked examples in front of every question.
struct Shots {
  std::uint32_t count = 0;
  std::string file;                // of examples, columns as in the data; empty: the first rows of the data,
                                   // which are then not asked
  std::string separator = "\n\n";  // behind each example
  void describe(Fields& fields);
};

struct TaskSpec {
  std::string name;   // of the file, without .json
  std::string like;   // another task file beside this one: what is not set here is as there
  std::string group;  // of tasks that belong together, e.g. "longbench"
  std::string
      file;  // JSONL, CSV or TSV (also .gz, .zst), searched in the setting task_data and beside the task file
  TaskColumns columns;
  // {context}, {question}, {choices} ("A. …" by line) and {examples} are filled in one pass. Without {context} the
  // context goes where the model's prompt template has it; without {examples} they go in front.
  std::string prompt = "{question}";
  Wrap wrap = Wrap::instruction;
  Mode mode = Mode::generate;
  Rated rated = Rated::text;
  std::string answer_lead = " ";  // between prompt and answer, in examples and in front of rated choices
  std::string metric = "exact match";
  int max_new_tokens = 64;        // longest answer
  std::vector<std::string> stop;  // an answer ends before the first of these
  Shots shots;
  // Longest prompt in tokens, <s> included, template not; of longer ones the middle is left out. 0: any length.
  std::uint32_t max_prompt_tokens = 0;
  std::uint32_t slots = 0;  // number of pieces of every context, where no column says it
  std::string skip;         // JSON file with a list of row numbers, from 0, that are not scored
  std::string remark;       // a sentence shown with the result
  fs::path path;            // of the file read

  void describe(Fields& fields);
};

// Throws no_input, bad_data, config_error (unknown key, contradiction), naming file and key.
TaskSpec read_spec(const fs::path& path);

}  // namespace film::tasks
