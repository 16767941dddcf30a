#pragma once
// What servers say is looked through without knowing that it is there.
#include "film/base/json.h"

namespace film::endpoint {

// The member of an object; null where there is none, or no object.
inline const Json& member_of(const Json& object, const std::string& key) {
  static const Json kNone;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? kNone : *found;
}

}  // namespace film::endpoint
