#pragma once
// A text that is one number, with nothing in front of it or behind it.
#include <charconv>
#include <optional>
#include <string_view>

namespace film {

// As std::from_chars reads it: no white space, no "+". Nothing for any other text, and for what the type cannot hold.
template <class Number>
std::optional<Number> as_number(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

}  // namespace film
