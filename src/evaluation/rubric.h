#pragma once
// A rubric file: what a judge is asked about an answer, and which verdicts it may give. Layout: docs/formats.md.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/files.h"
#include "film/tasks/task.h"

namespace film::evaluation {

// Where in its reply the verdict is.
enum class VerdictLine { first, last };
constexpr auto enum_names(VerdictLine) {
  return std::array{EnumName{VerdictLine::first, "first"}, EnumName{VerdictLine::last, "last"}};
}

struct Rubric {
  fs::path path;
  std::string sha256;
  std::vector<tasks::Verdict> verdicts;
  VerdictLine line = VerdictLine::first;
  int tokens = 16;     // longest reply
  std::string prompt;  // with {answer}, and maybe {question} and {reference}

  // What is asked about one answer. Nothing in the values is filled again.
  std::string filled(const std::string& question, const std::string& reference,
                     const std::string& answer) const;
  // The verdict of a reply, as the rubric writes it; nothing where its line is anything but one of them. Case, and marks at
  // both ends of the line, do not count. `whole`: the reply was not cut off.
  std::optional<std::string> verdict_in(const std::string& reply, bool whole) const;
  // A person's verdict: a word of the rubric, or 1, 0, true, false for those that count as much.
  std::optional<std::string> verdict_of_person(const std::string& said) const;
  std::vector<std::string> words() const;
  bool is_graded() const;  // there are verdicts that count neither 0 nor 1
};

// `file`: as shipped_file() finds it. Throws no_input, and bad_data naming file and line.
Rubric read_rubric(const std::string& file);

}  // namespace film::evaluation
