#include "math_answer.h"

#include <algorithm>

#include "film/base/strings.h"

namespace film::scores {
namespace {

void replace(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// Behind `command` an argument without braces is one character: \sqrt3 is \sqrt{3}. Nothing where none follows.
std::optional<std::string> with_braces(const std::string& text, std::string_view command) {
  const std::vector<std::string_view> parts = split(text, command);
  std::string result(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].empty()) return {};
    result += command;
    if (parts[i].front() == '{')
      result += parts[i];
    else
      result.append("{").append(parts[i].substr(0, 1)).append("}").append(parts[i].substr(1));
  }
  return result;
}

// \frac12, \frac1{72}: both arguments get braces. A text in which a second argument is missing stays as it is.
std::optional<std::string> with_whole_fractions(const std::string& text) {
  constexpr std::string_view kFraction = "\\frac";
  const std::vector<std::string_view> parts = split(text, kFraction);
  std::string result(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (part.empty()) return {};
    result += kFraction;
    if (part.front() == '{') {
      result += part;
      continue;
    }
    if (part.size() < 2) return text;
    result.append("{").append(part.substr(0, 1)).append("}");
    if (part[1] == '{')
      result += part.substr(1);
    else
      result.append("{").append(part.substr(1, 1)).append("}").append(part.substr(2));
  }
  return result;
}

// As Python prints it: no zeros and no + in front.
bool is_plain_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  return !digits.empty() && std::ranges::all_of(digits, is_ascii_digit) &&
         (digits == "0" ? text == "0" : digits[0] != '0');
}

std::string fraction_of_slash(const std::string& text) {
  const std::vector<std::string_view> parts = split(text, "/");
  if (parts.size() != 2 || !is_plain_integer(parts[0]) || !is_plain_integer(parts[1])) return text;
  return "\\frac{" + std::string(parts[0]) + "}{" + std::string(parts[1]) + "}";
}

// The output up to where the model goes on with a question of its own.
std::string_view answered(std::string_view output) {
  return output.substr(0, std::min(output.find("Q:"), output.find("Question:")));
}

std::optional<std::string> given_answer(std::string_view output) {
  constexpr std::string_view kAnswerMark = "The answer is ";
  const std::string_view text = answered(output);
  const std::size_t at = text.rfind(kAnswerMark);
  std::optional<std::string> found = at == std::string_view::npos
                                         ? boxed(text)
                                         : std::optional<std::string>(text.substr(at + kAnswerMark.size()));
  if (!found) return {};
  if (at != std::string_view::npos) {
    std::erase_if(*found, [](char c) { return c == '.' || c == '$'; });
    found = boxed(*found).value_or(*found);
  }
  return plain_formula(*found);
}

}  // namespace

std::optional<std::string> boxed(std::string_view text) {
  std::size_t at = text.rfind("\\boxed");
  if (at == std::string_view::npos) at = text.rfind("\\fbox");
  if (at == std::string_view::npos) return {};
  const std::size_t open = text.find('{', at);
  if (open == std::string_view::npos) return {};
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
    if (depth == 0) return std::string(text.substr(open + 1, i - open - 1));
  }
  return {};
}

std::optional<std::string> plain_formula(std::string text) {
  for (const auto& [from, to] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"\n", ""},
                                                                            {"\\!", ""},
                                                                            {"\\\\", "\\"},
                                                                            {"tfrac", "frac"},
                                                                            {"dfrac", "frac"},
                                                                            {"\\left", ""},
                                                                            {"\\right", ""},
                                                                            {"^{\\circ}", ""},
                                                                            {"^\\circ", ""},
                                                                            {"\\$", ""}})
    replace(text, from, to);
  const std::vector<std::string_view> before_unit = split(text, "\\text{ ");
  if (before_unit.size() > 2) return {};
  text = std::string(before_unit.front());
  replace(text, "\\%", "");
  replace(text, " .", " 0.");
  replace(text, "{.", "{0.");
  if (text.empty()) return text;
  if (text.front() == '.') text.insert(0, 1, '0');
  const std::vector<std::string_view> sides = split(text, "=");
  if (sides.size() == 2 && sides[0].size() <= 2) text = std::string(sides[1]);  // "x = 5"
  std::optional<std::string> made = with_braces(text, "\\sqrt");
  if (!made) return {};
  std::erase(*made, ' ');
  made = with_whole_fractions(*made);
  if (!made) return {};
  return *made == "0.5" ? "\\frac{1}{2}" : fraction_of_slash(*made);
}

double math_answer(const std::string& output, const std::vector<std::string>& answers) {
  const std::optional<std::string> given = given_answer(output);
  if (!given || given->empty()) return 0;
  return std::ranges::any_of(answers, [&](const std::string& answer) {
    const std::optional<std::string> wanted = plain_formula(boxed(answer).value_or(answer));
    std::string compared = *given;
    if (wanted && wanted->find(',') == std::string::npos) std::erase(compared, ',');
    return wanted && *wanted == compared;
  });
}

}  // namespace film::scores
