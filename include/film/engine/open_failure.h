#pragma once
// Why a library does not open, from what the dynamic loader says.
#include <string>

#include "film/base/error.h"

namespace film::engine {

struct OpenFailure {
  std::string what, remedy;
  bool of_system = false;  // limits of the process: os_error; else config_error
};
// library: in words ("the Torch library"). why: dlerror()'s. remedy: where nothing better is known.
OpenFailure open_failure(const std::string& library, const std::string& why, const std::string& remedy);
Error error_of(const OpenFailure& failure);

}  // namespace film::engine
