#pragma once
// The value of a small sum that a model wrote for its answer: "3*4+2", "16-3", "(2+3)/5".
#include <optional>
#include <string_view>

namespace film::scores {

// + - * / ** // and brackets over decimal numbers, with Python's precedence; nothing for what Python would not evaluate.
std::optional<double> value_of(std::string_view expression);

}  // namespace film::scores
