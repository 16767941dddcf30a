#pragma once
// Implementation detail of settings.h.
#include <type_traits>

namespace film {

namespace detail {
template <class T>
std::string type_name() {
  if constexpr (std::is_same_v<T, bool>)
    return "true or false";
  else if constexpr (std::is_integral_v<T>)
    return "integer";
  else if constexpr (std::is_floating_point_v<T>)
    return "number";
  else if constexpr (std::is_same_v<T, std::string>)
    return "string";
  else
    return "list or object";
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
    if (!detail::fits<T>(json)) throw config_error("got " + to_line(json));
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
