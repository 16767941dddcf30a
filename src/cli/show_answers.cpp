#include "show_answers.h"

#include <algorithm>
#include <array>
#include <map>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/folders/open_folder.h"

namespace film::cli {
namespace {

// The held-out examples of in2 in the order in which the ids of predictions number them: "000970-000" is question 0 of
// the example 970.
class HeldOutExamples {
 public:
  explicit HeldOutExamples(const fs::path& eval) {
    const auto split = from_name<Split>(folders::recorded_setting(eval, "split"));
    for (const std::string& folder : folders::recorded_settings(eval, "data")) {
      if (!fs::exists(folder)) return;  // numbers of later folders would be wrong
      data_.emplace_back(folder);
      for (Example& example : data_.back().examples(split))
        examples_.push_back({data_.size() - 1, std::move(example)});
    }
  }

  void complete(ShownAnswer& answer) const {
    const std::string& id = answer.prediction.id;
    const std::size_t dash = id.find('-');
    if (dash == std::string::npos || id.find_first_not_of("0123456789-") != std::string::npos) return;
    const std::size_t number = std::stoul(id.substr(0, dash)), question = std::stoul(id.substr(dash + 1));
    if (number >= examples_.size() || question >= examples_[number].second.questions.size()) return;
    const auto& [folder, example] = examples_[number];
    const Question& asked = example.questions[question];
    if (asked.answer != answer.prediction.expected) return;  // the questions have changed since
    answer.question = asked.question;
    ShownContext shown{data_[folder].context(example.context), {}, {}};
    shown.context.evidence = asked.evidence;
    shown.questions = {asked};
    const text::Tokenizer tokenizer = data_[folder].tokenizer();
    shown.pieces = data_[folder].segment_texts(shown.context, tokenizer);
    answer.context = {std::move(shown)};
  }

 private:
  std::vector<folders::DataFolder> data_;
  std::vector<std::pair<std::size_t, Example>> examples_;  // with the number of its folder
};

// predictions/TASK.LABEL.jsonl; a task's name has no dot.
std::string label_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  const std::size_t dot = stem.find('.');
  return dot == std::string::npos ? "" : stem.substr(dot + 1);
}

std::vector<fs::path> prediction_files(const fs::path& eval) {
  std::vector<fs::path> files;
  if (!fs::is_directory(eval / "predictions"))
    throw no_input(eval.string() + " holds no predictions", "run film eval to its end");
  for (const auto& entry : fs::directory_iterator(eval / "predictions"))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

bool wanted(const Prediction& p, const AnswerFilter& filter) {
  return (filter.id.empty() || p.id == filter.id) && (filter.task.empty() || p.task == filter.task) &&
         (!filter.wrong || p.score < 1);
}

// What EVAL itself keeps, of a few answers to each task.
void complete_from_samples(const fs::path& eval, std::vector<ShownAnswer>& answers) {
  if (!fs::exists(eval / "manifest.json")) return;  // not finished: it keeps none yet
  std::map<std::array<std::string, 3>, AnswerSample> samples;
  for (AnswerSample& sample : folders::EvalFolder(eval).samples())
    samples.emplace(std::array{sample.model, sample.prediction.task, sample.prediction.id}, sample);
  for (ShownAnswer& answer : answers) {
    const auto found = samples.find({answer.model, answer.prediction.task, answer.prediction.id});
    if (found == samples.end() || !answer.question.empty()) continue;
    answer.question = found->second.question;
    answer.parts = found->second.context;
  }
}

}  // namespace

std::vector<ShownAnswer> find_answers(const fs::path& eval, const AnswerFilter& filter) {
  std::vector<ShownAnswer> answers;
  if (fs::exists(eval / "manifest.json")) folders::EvalFolder(eval).require_unchanged();
  for (const fs::path& file : prediction_files(eval)) {
    const std::string label = label_of(file);
    if (!filter.model.empty() && label != filter.model) continue;
    for_each_record(file, [&](const Json& line, const std::string& where) {
      Prediction prediction = from_json<Prediction>(line, where);
      if (wanted(prediction, filter)) answers.push_back({label, std::move(prediction)});
    });
  }
  const auto is_held_out = [](const ShownAnswer& answer) { return answer.prediction.task == "in2"; };
  if (std::ranges::any_of(answers, is_held_out)) {
    const HeldOutExamples examples(eval);
    for (ShownAnswer& answer : answers)
      if (is_held_out(answer)) examples.complete(answer);
  }
  complete_from_samples(eval, answers);
  return answers;
}

}  // namespace film::cli
