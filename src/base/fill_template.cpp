#include "film/base/fill_template.h"

#include <algorithm>

namespace film {

std::string fill_template(std::string_view text, std::string_view name, std::string_view value) {
  return fill_template(text, {{"{" + std::string(name) + "}", std::string(value)}});
}

std::string fill_template(std::string_view text, const TemplateValues& values) {
  std::string result;
  while (!text.empty()) {
    const auto found =
        std::ranges::find_if(values, [&](const auto& value) { return text.starts_with(value.first); });
    if (found == values.end()) {
      result += text.front();
      text.remove_prefix(1);
    } else {
      result += found->second;
      text.remove_prefix(found->first.size());
    }
  }
  return result;
}

}  // namespace film
