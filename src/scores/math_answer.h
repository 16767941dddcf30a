#pragma once
// Answers to competition mathematics, compared as the authors of the data set MATH compare them.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace film::scores {

// "MATH answer": what stands behind the last "The answer is ", or else in the last \boxed{}, written as the reference is
// (microsoft/FILM; D. Hendrycks et al., arXiv 2103.03874). The reference may be a worked solution with a \boxed{} in it.
double math_answer(const std::string& output, const std::vector<std::string>& answers);

// What the last \boxed{} or \fbox{} of a text holds; nothing where there is none, or it does not close.
std::optional<std::string> boxed(std::string_view text);

// One way of writing for the most frequent ways of writing a number or a formula; nothing for what those rules refuse.
std::optional<std::string> plain_formula(std::string text);

}  // namespace film::scores
