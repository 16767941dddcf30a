#pragma once
// Errors as one line of text.
#include <functional>
#include <string>

#include "film/base/error.h"

namespace film::support {

// What an action threw: "78 the text | the hint", or "no error".
inline std::string failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string hint = error.hint().empty() ? "" : " | " + error.hint();
    return std::to_string(static_cast<int>(error.code())) + " " + error.what() + hint;
  }
  return "no error";
}

}  // namespace film::support
