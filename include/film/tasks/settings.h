#pragma once
// Settings of what is asked: which tasks, and the probes' material, length and number of questions.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/settings.h"

namespace film::tasks {

// Size of one probe.
struct ProbeSize {
  std::uint32_t context_tokens =
      32'000;                  // upper bound for the context alone; template and answer not counted
  std::uint32_t items = 800;   // questions, spread evenly over the contexts
  std::uint32_t contexts = 1;  // more are made where one context has fewer pieces than questions
  int max_new_tokens = 64;     // longest answer
  std::string remark;          // a sentence shown with the result
  void describe(Fields& fields);
};

// Which sentence contains these words? Paper section 3.2 takes 17 to 31 words and pieces of 8.
struct DocumentSettings : ProbeSize {
  std::string source;             // file or folder of .txt, .md, .jsonl (also .gz, .zst)
  std::string text_key = "text";  // of a JSONL record
  std::uint32_t min_words = 17;   // shortest sentence used
  std::uint32_t max_words = 31;   // longest sentence used
  bool adapt = true;              // where none is of these lengths: those that most have, with a warning
  std::uint32_t piece_words = 8;  // consecutive words quoted in the question
  void describe(Fields& fields);
};

// Which function contains this line? Paper: the name and three lines.
struct CodeSettings : ProbeSize {
  std::string source;       // file or folder of .py
  std::uint32_t lines = 3;  // of a function, below its name
  void describe(Fields& fields);
};

// What is the label and description of this id? Paper: 750 Wikidata entities of 3 to 8 words in each field.
struct DatabaseSettings : ProbeSize {
  std::string source;                           // .csv or .jsonl (also .gz, .zst)
  std::string id_key = "id";                    // column or key of the id
  std::string label_key = "label";              // column or key of the label
  std::string description_key = "description";  // column or key of the description
  std::uint32_t min_words = 1;                  // fewest words in label and in description
  std::uint32_t max_words = 40;                 // most words in label and in description
  void describe(Fields& fields);
};

// How a probe's answers are scored.
enum class Answers {
  written,  // by the probe's metric
  rated     // nothing is written: the log-probability of the reference answer. No ceiling, and no generation
};
constexpr auto enum_names(Answers) {
  return std::array{EnumName{Answers::written, "written"}, EnumName{Answers::rated, "rated"}};
}

// Where a question with several pieces of evidence is put on the curve.
enum class Several {
  leave_out,
  first,
  last,
  spread
};  // spread: by the distance between its first and its last piece
constexpr auto enum_names(Several) {
  return std::array{EnumName{Several::leave_out, "leave_out"}, EnumName{Several::first, "first"},
                    EnumName{Several::last, "last"}, EnumName{Several::spread, "spread"}};
}

// Held-out questions of a DATA folder; their contexts have the length they were made with.
struct In2Settings {
  std::vector<std::string> kinds = {"fine_grained"};  // of contexts
  std::uint32_t items = 0;                            // questions; 0 = all
  std::string metric = "exact match";                 // of written answers: a row of scores::metrics()
  Answers answers = Answers::written;
  Several several = Several::leave_out;  // questions with several pieces of evidence (kind integration)
  int max_new_tokens = 32;               // longest answer
  std::string remark;                    // a sentence shown with the result
  void describe(Fields& fields);
};

// Every question at every depth of contexts of every length, between fillers of every grade.
struct FactorialSettings {
  std::string file;  // JSONL, CSV or TSV of the questions; empty: held-out questions of data
  std::string question_key = "question";  // keys of its rows
  std::string answers_key = "answers";    // one or a list
  std::string evidence_key =
      "evidence";       // the text that says it; a problem that needs no evidence is its own
  std::string fillers;  // with `file`: file or folder of text, cut at blank lines
  std::vector<std::uint32_t> lengths = {4096, 8192, 16384};  // of the contexts
  std::vector<std::string> grades = {"random"};              // of the fillers: Filler
  std::uint32_t contradictions = 2;  // pieces of the grade contradicting in a context, at most
  std::uint32_t depths = 5;   // places of the evidence, from the first piece to the last at equal distances
  std::uint32_t items = 100;  // questions
  std::string metric = "contains answer";  // of written answers
  Answers answers = Answers::written;
  std::string suffix;       // behind every question, e.g. what to say where the text does not tell
  int max_new_tokens = 64;  // longest answer
  std::string remark;       // a sentence shown with the result
  void describe(Fields& fields);
};

struct Settings {
  std::vector<std::string> tasks = {"in2"};  // probes and names of task files
  std::vector<std::string> task_folders;     // searched for task files before those that come with film
  std::string task_data;   // folder searched for the data of task files, before their own folder
  std::uint64_t seed = 1;  // of contexts and questions
  DocumentSettings document;
  CodeSettings code;
  DatabaseSettings database;
  In2Settings in2;
  FactorialSettings factorial;
  void describe(Fields& fields);
};

// Cross-field rules and names of tasks, before any work. Throws config_error with the remedy.
void check(const Settings& settings);

}  // namespace film::tasks
