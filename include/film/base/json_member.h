#pragma once
// Implementation detail of json.h.
#include <type_traits>
#include <utility>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/error.h"
#include "film/base/strings.h"

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
std::optional<T> read_value(const Json& value) {
  if constexpr (NamedEnum<T>) {
    return value.is_string() ? from_name<T>(value.template get_ref<const std::string&>()) : std::nullopt;
  } else {
    if (!detail::fits<T>(value)) return std::nullopt;
    try {
      return value.template get<T>();
    } catch (const nlohmann::json::exception&) {  // a type's own reader refused it
      return std::nullopt;
    }
  }
}

template <class T>
T member(const Json& object, const char* key, std::string_view where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end()) throw bad_data(std::string(where) + ": key \"" + key + "\" is missing");
  if (std::optional<T> value = read_value<T>(*found)) return std::move(*value);
  const std::string subject = std::string(where) + ": key \"" + key + "\"";
  if constexpr (NamedEnum<T>)
    throw bad_data(subject + " must be one of " + join(names_of<T>(), ", ") + ", got " + to_line(*found));
  else
    throw bad_data(subject + " has the wrong type: " + to_line(*found));
}

}  // namespace film
