#include "race.h"

namespace film::tasks {
namespace {

constexpr std::string_view kBlank = "  _  .";
constexpr std::size_t kCut = 5;  // of the blank; its first character stays

struct Problem {
  std::string question, answer;  // a letter
  std::vector<std::string> options;
  bool is_whole() const {
    return !question.empty() && answer.size() == 1 && answer[0] >= 'A' &&
           static_cast<std::size_t>(answer[0] - 'A') < options.size();
  }
  const std::string& right() const { return options[static_cast<std::size_t>(answer[0] - 'A')]; }
};

Problem problem_of(const Json& question, const Json& answer, const Json& options) {
  return {read_value<std::string>(question).value_or(""), read_value<std::string>(answer).value_or(""),
          read_value<std::vector<std::string>>(options).value_or(std::vector<std::string>{})};
}

Json at(const Json& list, std::size_t i) { return list.is_array() && i < list.size() ? list[i] : Json(); }

std::vector<Problem> problems_of(const RowColumns& columns, const sources::Row& raw) {
  const Json questions = columns.problems(raw), answers = columns.problem_answers(raw),
             options = columns.problem_options(raw);
  std::vector<Problem> problems;
  for (std::size_t i = 0; questions.is_array() && i < questions.size(); ++i) {
    const Json& each = questions[i];
    problems.push_back(each.is_object()
                           ? problem_of(each.value("question", Json()), each.value("answer", Json()),
                                        each.value("options", Json()))
                           : problem_of(each, at(answers, i), at(options, i)));
  }
  return problems;
}

std::string told(const Problem& problem, bool v2) {
  const std::string& question = problem.question;
  if (!question.ends_with(kBlank)) return "Question: " + question + "\nAnswer: " + problem.right() + "\n";
  const std::string kept =
      v2 ? question.substr(question.size() - kCut) : question.substr(0, question.size() - kCut);
  return kept + problem.right() + "\n";
}

}  // namespace

std::string complete_race(TaskRow& row, const RowColumns& columns, const sources::Row& raw, bool v2) {
  const std::vector<Problem> problems = problems_of(columns, raw);
  if (problems.empty()) return "no questions";
  for (const Problem& problem : problems)
    if (!problem.is_whole()) return "a question without its options and the letter of one";
  row.question.clear();
  for (std::size_t i = 0; i + 1 < problems.size(); ++i) row.question += told(problems[i], v2);
  row.question += problems.back().question;
  row.choices = problems.back().options;
  row.answers = {problems.back().answer};
  return "";
}

}  // namespace film::tasks
