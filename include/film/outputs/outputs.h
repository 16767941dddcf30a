#pragma once
// Outputs of models that were run elsewhere: files of known forms -> one list of outputs. No model is opened.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/files.h"
#include "film/records/scores.h"

namespace film::outputs {

// Who wrote a file. The keys of each form are in its source file, src/outputs/<form>.cpp.
enum class Form {
  automatic,  // told by the keys of the first row
  film,       // predictions/TASK.LABEL.jsonl of this program
  val,        // microsoft/FILM: {"samples": ["…"]} or {"sample": "…" or null}
  longbench,  // THUDM/LongBench: {"pred", "answers"}
  ruler,      // NVIDIA/RULER: {"index", "pred", "outputs"}
  lm_eval,    // lm-evaluation-harness: samples_TASK_TIME.jsonl
  batch       // what OpenAI's batch interface returns: {"custom_id", "response", "error"}
};
constexpr auto enum_names(Form) {
  using enum Form;
  return std::array{EnumName{automatic, "auto"},      EnumName{film, "film"},   EnumName{val, "val"},
                    EnumName{longbench, "longbench"}, EnumName{ruler, "ruler"}, EnumName{lm_eval, "lm_eval"},
                    EnumName{batch, "batch"}};
}

// One output. Which question it answers is told by its id, else by its number, else by its place in the files.
struct Output {
  std::string task = {};  // as the row or the name of its file says; empty: neither says it
  std::string id = {};
  std::optional<std::uint64_t> number = {};  // of the question in its task, from 0
  std::string text = {};                     // without thinking in front
  AnswerState state = AnswerState::given;
  std::string detail = {};                   // of what is not given
  std::vector<std::string> answers = {};     // reference answers that came with it
  bool all_answers = true;                   // false: more may be accepted than came with it
  std::vector<std::string> choices = {};     // of a question with choices,
  std::vector<double> log_likelihoods = {};  // and what each of them got
  std::string where = {};                    // "file:line"
};

// Rows of all files in the order given. Throws no_input; bad_data for a row that is not of the form, and for a file
// whose form cannot be told.
std::vector<Output> read_outputs(const std::vector<fs::path>& files, Form form);

}  // namespace film::outputs
