#pragma once
// Implementation detail of settings.h.
#include <memory>
#include <type_traits>

namespace film {

namespace detail {
template <class T>
constexpr FieldKind kind_of() {
  if constexpr (NamedEnum<T>)
    return FieldKind::word;
  else if constexpr (std::is_same_v<T, bool>)
    return FieldKind::boolean;
  else if constexpr (std::is_integral_v<T>)
    return FieldKind::integer;
  else if constexpr (std::is_floating_point_v<T>)
    return FieldKind::number;
  else if constexpr (std::is_same_v<T, std::string>)
    return FieldKind::text;
  else if constexpr (std::is_same_v<T, std::vector<std::string>>)
    return FieldKind::names;
  else
    return FieldKind::json;
}

template <class T>
Json to_setting(const T& value) {
  if constexpr (NamedEnum<T>)
    return name_of(value);
  else
    return value;
}
}  // namespace detail

template <class T>
Field& Fields::add(const std::string& key, T& value, const std::string& help) {
  Field field;
  field.key = prefix_ + key;
  field.kind = detail::kind_of<T>();
  field.help = help;
  if constexpr (NamedEnum<T>) field.choices = names_of<T>();
  field.get = [&value] { return detail::to_setting(value); };
  field.set = [&value](const Json& json) {
    const bool one_name = std::is_same_v<T, std::vector<std::string>> && json.is_string();
    std::optional<T> read = read_value<T>(one_name ? Json::array({json}) : json);
    if (read) value = std::move(*read);
    return read.has_value();
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
  field.kind = FieldKind::objects;
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
    if (!json.is_array()) return false;
    std::vector<S> read;
    for (const Json& element : json) {
      Fields fields;
      S value;
      value.describe(fields);
      fields.apply(element, name + "[" + std::to_string(read.size()) + "]");
      read.push_back(std::move(value));
    }
    values = std::move(read);
    return true;
  };
  field.members = [] {
    const auto element = std::make_shared<S>();
    Fields fields;
    element->describe(fields);
    std::vector<Field> list(fields.all().begin(), fields.all().end());
    for (Field& member : list) member.get = [element, get = member.get] { return get(); };
    return list;
  };
  return push(std::move(field));
}

}  // namespace film
