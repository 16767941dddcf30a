#pragma once
// Records and their JSON from one list of fields. A record names each field once, for both directions:
//
//   struct Needle {
//     std::string attribute, value;
//     template <class Self, class Visitor>
//     static void fields(Self& needle, Visitor& visit) {
//       visit("attribute", needle.attribute);
//       visit("value", needle.value);
//     }
//   };
//
//   Json json = to_json(needle);
//   Needle needle = from_json<Needle>(json, "segments/planted.jsonl:12");
//
// Members may be numbers, strings, Json, enums with names (enum_names.h), other records, and vectors, maps by
// string and optionals of these. An empty optional has no key. Errors name the key with its path:
// `manifest.json: key "corpus.by_split.train.tokens" is missing`.
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/json.h"
#include "film/base/strings.h"

namespace film {

class JsonReader;
class JsonWriter;

template <class T>
concept JsonRecord = requires(T& record, JsonReader& reader) {
  T::fields(record, reader);
};

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_string_map = false;
template <class T>
inline constexpr bool is_string_map<std::map<std::string, T>> = true;
// Vectors whose elements nlohmann converts by itself are read and written in one piece.
template <class T>
inline constexpr bool is_record_vector = false;
template <class T>
inline constexpr bool is_record_vector<std::vector<T>> = JsonRecord<T> || is_vector<T> || NamedEnum<T>;

Error wrong_type(std::string_view where, const std::string& path, const Json& got);
Error missing_key(std::string_view where, const std::string& path);
Error unknown_name(std::string_view where, const std::string& path, const Json& got,
                   const std::string& expected);

}  // namespace detail

// Gives every field of a record its value from an object. Keys that the record does not name are ignored.
class JsonReader {
 public:
  // `where` names the source in errors; `path` is the object's own place in it, "" or ending with a dot.
  JsonReader(const Json& object, std::string_view where, std::string path = "")
      : object_(object), where_(where), path_(std::move(path)) {}

  // Throws bad_data: the key is missing, unless the member is an optional; or its value has the wrong type.
  template <class T>
  void operator()(const char* key, T& member) {
    const Json* value = find(key);
    if constexpr (detail::is_optional<T>) {
      member.reset();
      if (value != nullptr) read(*value, path_ + key, member.emplace());
    } else {
      if (value == nullptr) throw detail::missing_key(where_, path_ + key);
      read(*value, path_ + key, member);
    }
  }
  // The member keeps its value when the key is missing.
  template <class T>
  void if_present(const char* key, T& member) {
    if (const Json* value = find(key)) read(*value, path_ + key, member);
  }
  // An empty optional is an empty object.
  template <class T>
  void or_empty_object(const char* key, std::optional<T>& member) {
    Json value;
    (*this)(key, value);
    member.reset();
    if (!value.is_object() || !value.empty()) read(value, path_ + key, member.emplace());
  }
  // The member's fields are among this record's own; it is empty when `key`, one of them, is missing.
  template <class T>
  void among(const char* key, std::optional<T>& member) {
    member.reset();
    if (find(key) != nullptr) T::fields(member.emplace(), *this);
  }
  // A key that has this one value. Throws bad_data for another.
  void constant(const char* key, const std::string& expected) {
    std::string value;
    (*this)(key, value);
    if (value != expected) throw detail::unknown_name(where_, path_ + key, value, expected);
  }
  // The same for a key that earlier versions did not write.
  void constant_or_missing(const char* key, const std::string& expected) {
    if (find(key) != nullptr) constant(key, expected);
  }

 private:
  const Json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  template <class T>
  void read(const Json& value, const std::string& path, T& member) {
    if constexpr (JsonRecord<T>) {
      if (!value.is_object()) throw detail::wrong_type(where_, path, value);
      JsonReader nested(value, where_, path + ".");
      T::fields(member, nested);
    } else if constexpr (NamedEnum<T>) {
      const auto found = value.is_string() ? from_name<T>(value.get_ref<const std::string&>()) : std::nullopt;
      if (!found) throw detail::unknown_name(where_, path, value, join(names_of<T>(), ", "));
      member = *found;
    } else if constexpr (detail::is_record_vector<T>) {
      if (!value.is_array()) throw detail::wrong_type(where_, path, value);
      member.clear();
      for (const Json& element : value) {
        const std::string element_path = path + "[" + std::to_string(member.size()) + "]";
        read(element, element_path, member.emplace_back());
      }
    } else if constexpr (detail::is_string_map<T>) {
      if (!value.is_object()) throw detail::wrong_type(where_, path, value);
      member.clear();
      for (const auto& [name, element] : value.items()) read(element, path + "." + name, member[name]);
    } else {
      if (!detail::fits<T>(value)) throw detail::wrong_type(where_, path, value);
      member = value.get<T>();
    }
  }

  const Json& object_;
  std::string_view where_;
  std::string path_;
};

// The other direction: an object with every field, in the order in which the record names them.
class JsonWriter {
 public:
  template <class T>
  void operator()(const char* key, const T& member) {
    if constexpr (detail::is_optional<T>) {
      if (member) object_[key] = json_of(*member);
    } else {
      object_[key] = json_of(member);
    }
  }
  template <class T>
  void if_present(const char* key, const T& member) {
    (*this)(key, member);
  }
  template <class T>
  void or_empty_object(const char* key, const std::optional<T>& member) {
    object_[key] = member ? json_of(*member) : Json::object();
  }
  template <class T>
  void among(const char*, const std::optional<T>& member) {
    if (member) T::fields(*member, *this);
  }
  void constant(const char* key, const std::string& value) { object_[key] = value; }
  void constant_or_missing(const char* key, const std::string& value) { constant(key, value); }
  Json take() { return std::move(object_); }

 private:
  template <class T>
  static Json json_of(const T& value) {
    if constexpr (JsonRecord<T>) {
      JsonWriter writer;
      T::fields(value, writer);
      return writer.take();
    } else if constexpr (NamedEnum<T>) {
      return name_of(value);
    } else if constexpr (detail::is_record_vector<T>) {
      Json array = Json::array();
      for (const auto& element : value) array.push_back(json_of(element));
      return array;
    } else if constexpr (detail::is_string_map<T>) {
      Json object = Json::object();
      for (const auto& [name, element] : value) object[name] = json_of(element);
      return object;
    } else {
      return value;
    }
  }

  Json object_ = Json::object();
};

template <JsonRecord T>
Json to_json(const T& record) {
  JsonWriter writer;
  T::fields(record, writer);
  return writer.take();
}

// `where` names the source in errors ("manifest.json", "part-00000.jsonl:12"). Throws bad_data.
template <JsonRecord T>
T from_json(const Json& json, std::string_view where) {
  if (!json.is_object()) throw detail::wrong_type(where, "", json);
  T record;
  JsonReader reader(json, where);
  T::fields(record, reader);
  return record;
}

}  // namespace film

// Beside a record of many readers, with FILM_DEFINE_JSON(T) in a source: its conversion is compiled once.
#define FILM_DECLARE_JSON(T)              \
  extern template Json to_json(const T&); \
  extern template T from_json<T>(const Json&, std::string_view)
#define FILM_DEFINE_JSON(T)        \
  template Json to_json(const T&); \
  template T from_json<T>(const Json&, std::string_view)
