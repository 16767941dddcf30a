#pragma once
// Implementation detail of json.h.
#include <type_traits>
#include <utility>
#include <vector>

#include "film/base/error.h"

namespace film {

namespace detail {
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

// nlohmann converts 1.5 to 1, true to 1 and -1 to 18446744073709551615 without a word: film does not.
template <class T>
bool fits(const Json& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value.is_boolean();
  } else if constexpr (std::is_integral_v<T>) {
    if (value.is_number_unsigned()) return std::in_range<T>(value.get<std::uint64_t>());
    return value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>());
  } else if constexpr (std::is_floating_point_v<T>) {
    return value.is_number();
  } else if constexpr (is_vector<T>) {
    if (!value.is_array()) return false;
    for (const Json& element : value)
      if (!fits<typename T::value_type>(element)) return false;
    return true;
  } else {
    return !std::is_same_v<T, std::string> || value.is_string();
  }
}
}  // namespace detail

template <class T>
T member(const Json& object, const char* key, std::string_view where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end()) throw bad_data(std::string(where) + ": key \"" + key + "\" is missing");
  try {
    if (detail::fits<T>(*found)) return found->template get<T>();
  } catch (const nlohmann::json::exception&) {  // the type's own reader refused it
  }
  throw bad_data(std::string(where) + ": key \"" + key + "\" has the wrong type: " + to_line(*found));
}

}  // namespace film
