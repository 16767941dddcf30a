#include "film/base/error.h"

#include <cstring>
#include <utility>

namespace film {

Error::Error(ExitCode code, std::string what, std::string hint)
    : code_(code), what_(std::move(what)), hint_(std::move(hint)) {}

namespace {
Error make(ExitCode code, std::string& what, std::string& hint) {
  return Error(code, std::move(what), std::move(hint));
}
}  // namespace

Error usage_error(std::string what, std::string hint) { return make(ExitCode::usage, what, hint); }
Error bad_data(std::string what, std::string hint) { return make(ExitCode::bad_data, what, hint); }
Error no_input(std::string what, std::string hint) { return make(ExitCode::no_input, what, hint); }
Error unavailable(std::string what, std::string hint) { return make(ExitCode::unavailable, what, hint); }
Error internal_error(std::string what, std::string hint) { return make(ExitCode::internal, what, hint); }
Error os_error(std::string what, std::string hint) { return make(ExitCode::os_error, what, hint); }
Error cannot_create(std::string what, std::string hint) { return make(ExitCode::cannot_create, what, hint); }
Error io_error(std::string what, std::string hint) { return make(ExitCode::io_error, what, hint); }
Error stopped(std::string what, std::string hint) { return make(ExitCode::stopped, what, hint); }
Error denied(std::string what, std::string hint) { return make(ExitCode::denied, what, hint); }
Error config_error(std::string what, std::string hint) { return make(ExitCode::config, what, hint); }
Error diverged(std::string what, std::string hint) { return make(ExitCode::diverged, what, hint); }

std::string errno_text(int error) { return std::strerror(error); }

}  // namespace film
