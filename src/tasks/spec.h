#pragma once
// A benchmark as one row of data: a file NAME.json that says where the questions are, how they are put to a model
// and how answers are scored. Format: docs/formats.md, "Task files".
#include <cstdint>
#include <string>
#include <vector>

#include "clean.h"
#include "film/base/settings.h"
#include "film/tasks/task.h"

namespace film::tasks {

// What is put around a filled prompt.
enum class Wrap {
  instruction,  // the model's prompt template, whose instruction it is (an endpoint's user message)
  none,         // nothing: a model that runs here reads <s> and the prompt, and continues it
  messages      // the prompt is a conversation: a JSON list of {"role", "content"}
};
constexpr auto enum_names(Wrap) {
  return std::array{EnumName{Wrap::instruction, "instruction"}, EnumName{Wrap::none, "none"},
                    EnumName{Wrap::messages, "messages"}};
}

// What of a choice is rated in Mode::choose.
enum class Rated { text, letter };
constexpr auto enum_names(Rated) {
  return std::array{EnumName{Rated::text, "text"}, EnumName{Rated::letter, "letter"}};
}

// How a row names its right choice. any: by the text, else the letter, else the number; where choices may be numbers
// themselves, say which. number: from 0; true and false are 1 and 0. label: as in columns.labels.
enum class Named { any, text, letter, number, label };
constexpr auto enum_names(Named) {
  return std::array{EnumName{Named::any, "any"}, EnumName{Named::text, "text"},
                    EnumName{Named::letter, "letter"}, EnumName{Named::number, "number"},
                    EnumName{Named::label, "label"}};
}

// What a row of the data is. race: an article with several questions, of which the last is asked and the others stand
// in front of it with their answers (race.h).
enum class Layout { plain, race };
constexpr auto enum_names(Layout) {
  return std::array{EnumName{Layout::plain, "plain"}, EnumName{Layout::race, "race"}};
}

// Columns of the data: keys of JSONL, names in the header of CSV. An empty name: there is no such column. A dot goes into
// an object, and through a list to each of its elements: "question.choices.text". A '?' at the end of id, group, slot, slots
// and answer_start: the column need not be there. Where an id with '?' is the same in two rows, rows are numbered.
struct TaskColumns {
  std::string id;                     // unique; without it rows are numbered
  std::string context;                // may be equal in neighbouring rows, which are then asked together
  std::string question = "question";  // what is asked
  std::string answers =
      "answers";  // one accepted answer or a list; of choices: text, letter, or number from 0
  std::vector<std::string> more_answers;  // further columns of accepted answers
  std::vector<std::string> choices;       // one column with a list, or one column per choice
  std::string labels;                     // names of the choices, where answers give them
  std::vector<std::string> others;        // columns that prompt and description name: {subject}
  std::string group;  // rows of one group were asked about one context; for prompts that hold it themselves
  std::string answer_start;  // what the answer begins with: given to the model behind its prompt template
  std::string slot, slots;   // piece of the context that holds the evidence, from 0; number of pieces
  void describe(Fields& fields);
};

// Worked examples in front of every question.
struct Shots {
  std::uint32_t count = 0;
  std::string
      file;  // of examples, columns as in the data; empty: the first rows of the data, which are then not
             // asked
  std::string separator = "\n\n";  // behind each example
  std::string match;  // one of columns.others: a question has those first examples that are equal to it there
  void describe(Fields& fields);
};

struct TaskSpec {
  std::string name;   // of the file, without .json
  std::string like;   // another task file beside this one: what is not set here is as there
  std::string group;  // of tasks that belong together, e.g. "longbench"
  std::string
      file;  // JSONL, CSV or TSV (also .gz, .zst), searched in the setting task_data and beside the task file
  TaskColumns columns;
  Layout layout = Layout::plain;
  bool race_v2 = false;              // Layout::race: as lm-evaluation-harness was until 0.4.11 (race.h)
  std::vector<Cleaning> clean;       // of texts, in this order
  std::vector<std::string> choices;  // the same for all rows, where no column holds them
  Named named = Named::any;
  // In front of the examples, once; with the columns.others that it names.
  std::string description;
  // {context}, {question}, {choices} ("A. …" by line) and {examples} and columns.others are filled in one pass. Without {context} the
  // context goes where the model's prompt template has it; without {examples} they go in front.
  std::string prompt = "{question}";
  Wrap wrap = Wrap::instruction;
  bool begin = true;  // Wrap::none: <s> stands in front, for a model that runs here
  Mode mode = Mode::generate;
  Rated rated = Rated::text;
  std::string answer_lead = " ";  // between prompt and answer, in examples and in front of rated choices
  std::string metric = "exact match";
  int max_new_tokens = 64;        // longest answer
  std::vector<std::string> stop;  // an answer ends before the first of these
  Shots shots;
  // Longest prompt in tokens, <s> included, template not; of longer ones the middle is left out. 0: any length.
  std::uint32_t max_prompt_tokens = 0;
  std::uint32_t slots = 0;                // number of pieces of every context, where no column says it
  std::string skip;                       // JSON file with a list of row numbers, from 0, that are not scored
  std::string remark;                     // a sentence shown with the result
  LengthRule lengths = LengthRule::none;  // files of several lengths, and how their scores are summed up
  fs::path path;                          // of the file read

  void describe(Fields& fields);
  bool has_choices() const { return layout == Layout::race || !choices.empty() || !columns.choices.empty(); }
};

// Throws no_input, bad_data, config_error (unknown key, contradiction), naming file and key.
TaskSpec read_spec(const fs::path& path);

}  // namespace film::tasks
