#include "film/engine/open_failure.h"

#include <fmt/format.h>
#include <gnu/libc-version.h>

#include <cerrno>

namespace film::engine {
namespace {

constexpr const char* kWhere =
    "use a system as new as Debian 12, Ubuntu 22.04 or RHEL 9, or one of scripts/containers (Apptainer needs "
    "no root)";

// The version that the loader did not find: "GLIBC_2.34" of "... version `GLIBC_2.34' not found (required by ...)".
std::string missing_version(const std::string& why) {
  constexpr std::string_view kBegin = "version `", kEnd = "' not found";
  const std::size_t begin = why.find(kBegin), end = why.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  return why.substr(begin + kBegin.size(), end - begin - kBegin.size());
}

}  // namespace

OpenFailure open_failure(const std::string& library, const std::string& why, const std::string& remedy) {
  const std::string says = "cannot open " + library + ": " + why;
  for (const int refused : {ENOMEM, EMFILE, ENFILE})
    if (why.find(errno_text(refused)) != std::string::npos)
      return {says, "raise the limits of the process: ulimit -v (memory), -n (files)", true};
  const std::string version = missing_version(why);
  if (version.starts_with("GLIBC_"))
    return {fmt::format("{} needs a C library with {}, this system's is glibc {}: {}", library, version,
                        ::gnu_get_libc_version(), why),
            kWhere};
  if (version.starts_with("GLIBCXX_") || version.starts_with("CXXABI_"))
    return {
        fmt::format("{} needs a C++ library with {}, and an older one was found: {}", library, version, why),
        std::string(
            "if LD_LIBRARY_PATH or a module of the cluster names an older libstdc++.so.6, unset it; else ") +
            kWhere};
  if (!version.empty())
    return {fmt::format("{} and the libraries beside it are of different versions: {}", library, why),
            remedy};
  return {says, remedy};
}

Error error_of(const OpenFailure& failure) {
  return failure.of_system ? os_error(failure.what, failure.remedy)
                           : config_error(failure.what, failure.remedy);
}

}  // namespace film::engine
