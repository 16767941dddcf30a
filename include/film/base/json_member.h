#pragma once
// Implementation detail of json.h.
#include "film/base/error.h"

namespace film {

template <class T>
T member(const Json& object, const char* key, std::string_view where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end()) throw bad_data(std::string(where) + ": key \"" + key + "\" is missing");
  try {
    return found->template get<T>();
  } catch (const nlohmann::json::exception&) {
    throw bad_data(std::string(where) + ": key \"" + key + "\" has the wrong type: " + to_line(*found));
  }
}

}  // namespace film
