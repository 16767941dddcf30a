#include "film/scores/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "abstains.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/base/words.h"
#include "harness_numbers.h"
#include "longbench.h"
#include "math_answer.h"
#include "published.h"
#include "sequence_ratio.h"

namespace film::scores {
namespace {

bool is_dropped(char32_t c) {
  return c < 0x80 ? is_ascii_punctuation(static_cast<char>(c)) : is_cjk(c) && is_punctuation(c);
}

using Words = std::vector<std::string_view>;

// At white space; a text of normalised() or on_one_line() has single blanks only.
Words at_blanks(std::string_view line) { return line.empty() ? Words{} : split(line, " "); }

std::set<std::string_view> as_set(const Words& words) { return {words.begin(), words.end()}; }

// F1 of two lists of words, each word as often as it occurs.
double f1(const Words& given, const Words& wanted) {
  std::map<std::string_view, std::size_t> left;  // of the wanted words, how often each
  for (const std::string_view word : wanted) ++left[word];
  std::size_t common = 0;
  for (const std::string_view word : given) {
    const auto found = left.find(word);
    if (found == left.end() || found->second == 0) continue;
    --found->second;
    ++common;
  }
  if (common == 0) return 0;
  const double precision = static_cast<double>(common) / static_cast<double>(given.size());
  const double recall = static_cast<double>(common) / static_cast<double>(wanted.size());
  return 2 * precision * recall / (precision + recall);
}

template <class Cut>
double best_f1(const std::string& output, const std::vector<std::string>& answers, Cut words) {
  const std::string given = normalised(output);
  double best = 0;
  for (const std::string& answer : answers) {
    const std::string wanted = normalised(answer);
    best = std::max(best, f1(words(given), words(wanted)));
  }
  return best;
}

}  // namespace

std::string normalised(std::string_view text) {
  const std::string lower = to_lower(text);
  std::string kept, result;
  for (std::size_t at = 0; at < lower.size();) {
    const CodePoint c = code_point_at(lower, at);
    if (!is_dropped(c.value)) kept += lower.substr(at, c.size);
    at += c.size;
  }
  const std::string line = on_one_line(kept);
  for (const std::string_view word : at_blanks(line)) {
    if (word == "a" || word == "an" || word == "the") continue;
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

double exact_match(const std::string& output, const std::vector<std::string>& answers) {
  const std::string given = normalised(output);
  if (given.empty()) return 0;
  return std::any_of(answers.begin(), answers.end(), [&](const auto& e) { return normalised(e) == given; });
}

double contains_answer(const std::string& output, const std::vector<std::string>& answers) {
  const std::string given = normalised(output);
  return std::any_of(answers.begin(), answers.end(),
                     [&](const auto& e) { return contains_word(given, normalised(e)); });
}

double blank_f1(const std::string& output, const std::vector<std::string>& answers) {
  return best_f1(output, answers, at_blanks);
}

double word_f1(const std::string& output, const std::vector<std::string>& answers) {
  return best_f1(output, answers, split_words);
}

double word_recall(const std::string& output, const std::vector<std::string>& answers) {
  if (answers.empty()) return 0;
  const std::string wanted = to_lower(answers.front()), given = to_lower(output);
  const std::set<std::string_view> answer = as_set(split_words(wanted)), said = as_set(split_words(given));
  if (answer.empty()) return 0;
  const auto found =
      std::count_if(answer.begin(), answer.end(), [&](const auto& word) { return said.contains(word); });
  return static_cast<double>(found) / static_cast<double>(answer.size());
}

double whole_name(const std::string& output, const std::vector<std::string>& answers) {
  return std::any_of(answers.begin(), answers.end(),
                     [&](const auto& e) { return contains_word(output, e, "_"); });
}

double any_substring(const std::string& output, const std::vector<std::string>& answers) {
  const std::string given = to_lower(output);
  return std::any_of(answers.begin(), answers.end(), [&](const auto& e) {
    return !e.empty() && given.find(to_lower(e)) != std::string::npos;
  });
}

double name_substring(const std::string& output, const std::vector<std::string>& answers) {
  return std::any_of(answers.begin(), answers.end(), [&](const std::string& e) {
    const std::size_t begin = e.find_first_not_of('.'), end = e.find_last_not_of('.');
    return begin != std::string::npos && output.find(e.substr(begin, end - begin + 1)) != std::string::npos;
  });
}

std::size_t most_likely(const std::vector<double>& log_likelihoods, const std::vector<std::string>&) {
  const auto best = std::max_element(log_likelihoods.begin(), log_likelihoods.end());
  return static_cast<std::size_t>(best - log_likelihoods.begin());
}

namespace {

// By log-likelihood divided by the size of its choice.
template <class Size>
std::size_t most_likely_by(const std::vector<double>& log_likelihoods,
                           const std::vector<std::string>& choices, Size size) {
  std::vector<double> shares;
  for (std::size_t c = 0; c < log_likelihoods.size(); ++c)
    shares.push_back(log_likelihoods[c] / static_cast<double>(std::max<std::ptrdiff_t>(1, size(choices[c]))));
  return most_likely(shares, choices);
}

std::ptrdiff_t characters(const std::string& text) {
  return std::ranges::count_if(text,
                               [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
}

}  // namespace

std::size_t most_likely_per_character(const std::vector<double>& log_likelihoods,
                                      const std::vector<std::string>& choices) {
  return most_likely_by(log_likelihoods, choices, characters);
}

std::size_t most_likely_per_byte(const std::vector<double>& log_likelihoods,
                                 const std::vector<std::string>& choices) {
  return most_likely_by(log_likelihoods, choices,
                        [](const std::string& choice) { return std::ssize(choice); });
}

double probability_per_character(double log_likelihood, const std::string& choice) {
  return std::exp(log_likelihood / static_cast<double>(std::max<std::ptrdiff_t>(1, characters(choice))));
}

double score_of(const tasks::Task& task, const std::string& output, const std::vector<std::string>& answers) {
  const Metric& metric = metric_of(task);
  if (metric.score != nullptr) return metric.score(output, answers);
  const auto said = std::ranges::find(task.verdicts, output, &tasks::Verdict::word);
  return said == task.verdicts.end() ? 0 : said->score;
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> table = {
      {"exact match", "the normalised answer, nothing else", true, exact_match},
      {"contains answer", "the normalised answer among the output's words", true, contains_answer},
      {"F1", "harmonic mean of precision and recall over normalised words", false, blank_f1},
      {"F1 in any script", "the same, with the words of Chinese, Thai and others told apart", false, word_f1},
      {"word recall", "share of the answer's words in the output", false, word_recall},
      {"name", "the name as a whole identifier in the output", true, whole_name},
      {"any of", "label or description in the output, lower case", true, any_substring},
      {"name as VaL", "the name as a substring of the output", true, name_substring},
      {"F1 of the first paragraph", "F1 of what stands before the first blank line", false,
       first_paragraph_f1},
      {"ROUGE-L", "as LongBench computes it: sentences end at full stops", false, best_rouge_l},
      {"ROUGE-L in any script", "the same, with the words of Chinese, Thai and others told apart", false,
       best_rouge_l_of_words},
      {"F1 of the first line", "F1 of the first line that is not empty", false, first_line_f1},
      {"ROUGE-L of the first line", "ROUGE-L of the first line that is not empty", false, first_line_rouge_l},
      {"share of numbers", "of the numbers in the output, those that are the answer's", false,
       share_of_numbers},
      {"class", "the class named in the first line; several share the point", false, named_class},
      {"sequence ratio", "Python's difflib ratio behind a prefix that must be there", false, prefixed_ratio},
      {"stated choice", "the letter behind \"The correct answer is\"", true, stated_choice},
      {"all of", "share of the answers in the output, lower case", false, all_of},
      {"first letter", "the first of the letters A to F is the choice", true, first_letter},
      {"final number", "the number behind the last \"The answer is\"", true, final_number},
      {"last number", "the last number of the output, as lm-evaluation-harness finds it", true, last_number},
      {"number behind ####", "the number behind the first \"#### \"", true, marked_number},
      {"MATH answer", "behind \"The answer is\" or in \\boxed{}, formulas written alike", true, math_answer},
      {kAbstains, "the output says that the text does not tell", true, abstains},
      {kVerdict, "of a judge, a second model: right or wrong by a rubric", true, nullptr},
      {kGradedVerdict, "of a judge, a second model: a grade by a rubric", false, nullptr},
      {"accuracy", "the most likely choice is the answer", true, nullptr, most_likely},
      {"accuracy per character", "the same by log-likelihood per character", true, nullptr,
       most_likely_per_character},
      {"accuracy per byte", "the same by log-likelihood per byte of UTF-8", true, nullptr,
       most_likely_per_byte},
      {"probability per character", "of the reference answer, the geometric mean over its characters", false,
       nullptr, nullptr, probability_per_character},
  };
  return table;
}

const Metric& find_metric(const std::string& name) {
  std::vector<std::string> known;
  for (const Metric& metric : metrics()) {
    if (metric.name == name) return metric;
    known.emplace_back(metric.name);
  }
  throw config_error("there is no metric \"" + name + "\"",
                     fmt::format("there are: {}", fmt::join(known, ", ")));
}

const Metric& metric_of(const tasks::Task& task) {
  const Metric& metric = find_metric(task.metric);
  const bool chooses = task.mode == tasks::Mode::choose;
  if (chooses != (metric.pick != nullptr || metric.rate != nullptr))
    throw config_error(
        fmt::format("task {}: metric \"{}\" does not score what mode {} gives", task.name, task.metric,
                    name_of(task.mode)),
        chooses ? "use accuracy or accuracy per character" : "use a metric of written answers");
  if (!chooses && (metric.score == nullptr) == task.verdicts.empty())
    throw config_error(
        fmt::format("task {}: metric \"{}\" needs a judge", task.name, task.metric),
        "give the task a metric of its own, and judge its answers with --set judge.rubric=FILE");
  return metric;
}

}  // namespace film::scores
