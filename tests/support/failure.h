#pragma once
// What a call throws.
#include <gtest/gtest.h>

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

inline Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return internal_error("none");
}

// The exit code that a call ends with.
template <class Call>
ExitCode code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ExitCode::ok;
}

}  // namespace film::support
