#pragma once
// How one output is scored against the accepted answers: 0..1.
#include <string>
#include <string_view>
#include <vector>

#include "film/tasks/task.h"

namespace film::scores {

// Lower case, without ASCII punctuation and the articles a, an, the, white space collapsed (SQuAD's rule); Chinese and
// Japanese punctuation is dropped too, other marks beyond ASCII are kept as there.
std::string normalised(std::string_view text);

struct Metric {
  const char* name;
  const char* help;
  bool zero_one;  // every score is 0 or 1: Wilson intervals; else bootstrap
  // Of outputs that a model wrote; nullptr for metrics of choices and for verdicts (score_of).
  double (*score)(const std::string& output, const std::vector<std::string>& answers);
  // Which choice a model prefers by its log-likelihoods; the first of equals. nullptr for written outputs.
  std::size_t (*pick)(const std::vector<double>& log_likelihoods,
                      const std::vector<std::string>& choices) = nullptr;
  // Of the one choice that is rated, the reference answer: a score.
  double (*rate)(double log_likelihood, const std::string& choice) = nullptr;
};

const std::vector<Metric>& metrics();
// Throws config_error naming the known ones.
const Metric& find_metric(const std::string& name);
// Of a task. Throws config_error where the metric does not fit the task's mode.
const Metric& metric_of(const tasks::Task& task);

// Of tasks whose right answer is none.
constexpr const char* kAbstains = "abstains";
// Metrics of tasks whose outputs are a judge's verdicts (Task::verdicts): of 0 and 1, and of grades.
constexpr const char* kVerdict = "verdict";
constexpr const char* kGradedVerdict = "graded verdict";
// Of a written output by the task's metric.
double score_of(const tasks::Task& task, const std::string& output, const std::vector<std::string>& answers);

// "exact match": the normalised output equals a normalised answer (and is not empty).
double exact_match(const std::string& output, const std::vector<std::string>& answers);
// "contains answer": a normalised answer occurs in the normalised output as whole words.
double contains_answer(const std::string& output, const std::vector<std::string>& answers);
// "F1": harmonic mean of precision and recall over the normalised words, each as often as it occurs; the best of all
// answers. Words are told by white space, as in LongBench's metrics.py (qa_f1_score).
double blank_f1(const std::string& output, const std::vector<std::string>& answers);
// "F1 in any script": the same over the words of base/words.h, which knows scripts without blanks.
double word_f1(const std::string& output, const std::vector<std::string>& answers);
// "word recall": VaL's |answer words in output| / |answer words|, over sets of lower-case words (base/words.h: split at
// white space, punctuation kept); of the first answer.
double word_recall(const std::string& output, const std::vector<std::string>& answers);
// "name": an answer occurs in the output as a whole identifier, case kept. Stricter than VaL's substring, under which
// `run` matches `run_all`.
double whole_name(const std::string& output, const std::vector<std::string>& answers);
// "any of": an answer is a lower-case substring of the output (VaL's database rule: label or description).
double any_substring(const std::string& output, const std::vector<std::string>& answers);
// "name as VaL": the answer without dots at its ends is a substring of the output, case kept.
double name_substring(const std::string& output, const std::vector<std::string>& answers);

// "accuracy": the choice with the highest log-likelihood.
std::size_t most_likely(const std::vector<double>& log_likelihoods, const std::vector<std::string>& choices);
// "accuracy per character": the highest log-likelihood divided by the choice's Unicode
// characters (lm-evaluation-harness's acc_norm).
std::size_t most_likely_per_character(const std::vector<double>& log_likelihoods,
                                      const std::vector<std::string>& choices);
// "probability per character": of the reference answer, the geometric mean over its characters.
double probability_per_character(double log_likelihood, const std::string& choice);
// "accuracy per byte": the same per byte (acc_bytes there).
std::size_t most_likely_per_byte(const std::vector<double>& log_likelihoods,
                                 const std::vector<std::string>& choices);

}  // namespace film::scores
