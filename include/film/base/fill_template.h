#pragma once
// Wordings with places to fill, such as "The secret {attribute} is {value}.".
#include <string>
#include <string_view>

namespace film {

// `text` with every "{name}" replaced by `value`. What stands in `value` is not looked at again.
std::string fill_template(std::string text, std::string_view name, std::string_view value);

}  // namespace film
