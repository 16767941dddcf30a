#pragma once
// Implementation detail of settings.h.
#include <type_traits>

namespace film {

namespace detail {
template <class T>
std::string type_name() {
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  else if constexpr (std::is_integral_v<T>) return "integer";
  else if constexpr (std::is_floating_point_v<T>) return "number";
  else if constexpr (std::is_same_v<T, std::string>) return "string";
  else return "list or object";
}

// nlohmann converts 1.5 to 1 and true to 1 without a word: settings do not.
template <class T>
void require_kind(const Json& value) {
  const bool fits = std::is_same_v<T, bool>             ? value.is_boolean()
                    : std::is_integral_v<T>             ? value.is_number_integer()
                    : std::is_floating_point_v<T>       ? value.is_number()
                    : std::is_same_v<T, std::string>    ? value.is_string()
                                                        : true;
  bool negative = false;
  if constexpr (std::is_unsigned_v<T> && !std::is_same_v<T, bool>)
    negative = value.is_number_integer() && !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
  if (!fits || negative) throw config_error("got " + to_line(value));
}
}  // namespace detail

template <class T>
Field& Fields::add(const std::string& key, T& value, const std::string& help) {
  Field field;
  field.key = prefix_ + key;
  field.type = detail::type_name<T>();
  field.help = help;
  field.get = [&value] { return Json(value); };
  field.set = [&value](const Json& json) {
    detail::require_kind<T>(json);
    value = json.get<T>();
  };
  return push(std::move(field));
}

template <Described S>
void Fields::group(const std::string& key, S& nested) {
  const std::string outer = prefix_;
  prefix_ += key + ".";
  nested.describe(*this);
  prefix_ = outer;
}

template <Described S>
Field& Fields::list(const std::string& key, std::vector<S>& values, const std::string& help) {
  Field field;
  field.key = prefix_ + key;
  field.type = "list of objects";
  field.help = help;
  field.get = [&values] {
    Json array = Json::array();
    for (S& value : values) {
      Fields fields;
      value.describe(fields);
      array.push_back(fields.dump());
    }
    return array;
  };
  field.set = [&values, name = field.key](const Json& json) {
    if (!json.is_array()) throw config_error("got " + to_line(json));
    std::vector<S> read;
    for (const Json& element : json) {
      Fields fields;
      S value;
      value.describe(fields);
      fields.apply(element, name + "[" + std::to_string(read.size()) + "]");
      read.push_back(std::move(value));
    }
    values = std::move(read);
  };
  return push(std::move(field));
}

}  // namespace film
