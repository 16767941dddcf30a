#pragma once
// How one output is scored against the accepted answers: 0..1.
#include <string>
#include <string_view>
#include <vector>

namespace film::scores {

// ASCII lower case, ASCII punctuation and the articles a, an, the dropped, white space collapsed (the usual
// SQuAD rule); bytes beyond ASCII are kept.
std::string normalised(std::string_view text);

struct Metric {
  const char* name;
  const char* help;
  bool zero_one;  // every score is 0 or 1: Wilson intervals; else bootstrap
  double (*score)(const std::string& output, const std::vector<std::string>& expected);
};

const std::vector<Metric>& metrics();
const Metric& find_metric(const std::string& name);  // throws internal_error

// "exact match": the normalised output equals a normalised answer (and is not empty).
double exact_match(const std::string& output, const std::vector<std::string>& expected);
// "contains answer": a normalised answer stands in the normalised output as whole words.
double contains_answer(const std::string& output, const std::vector<std::string>& expected);
// "word recall": VaL's |answer words in output| / |answer words|, over sets of lower-case words split at
// white space, punctuation kept; of the first answer.
double word_recall(const std::string& output, const std::vector<std::string>& expected);
// "name": an answer stands in the output as a whole identifier, case kept. Stricter than VaL's substring,
// under which `run` matches `run_all`.
double whole_name(const std::string& output, const std::vector<std::string>& expected);
// "any of": an answer is a lower-case substring of the output (VaL's database rule: label or description).
double any_substring(const std::string& output, const std::vector<std::string>& expected);
// "name as VaL": the answer without dots at its ends is a substring of the output, case kept.
double name_substring(const std::string& output, const std::vector<std::string>& expected);

}  // namespace film::scores
