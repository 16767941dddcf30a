#pragma once
// Wordings with places to fill, such as "The secret {attribute} is {value}.".
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace film {

// `text` with every "{name}" replaced by `value`. What stands in `value` is not looked at again.
std::string fill_template(std::string_view text, std::string_view name, std::string_view value);
// The same for several at once, with their braces: {"{question}", "Who …?"}. In no value a place is filled.
using TemplateValues = std::vector<std::pair<std::string, std::string>>;
std::string fill_template(std::string_view text, const TemplateValues& values);

}  // namespace film
