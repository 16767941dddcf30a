#include "film/engine/engine.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "film/engine/open_failure.h"
#include "film_build_info.h"

namespace film::engine {
namespace {

fs::path program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

Error cannot_open() {
  return error_of(open_failure(
      "the Torch library", ::dlerror(),
      "run scripts/setup.sh, or set FILM_TORCH_DIR to the torch folder of the torch 2.11.0 wheel"));
}

// Torch counts the processors with these files, and crashes where it cannot read them.
std::optional<Error> missing_processor_files() {
  for (const char* file : {"/sys/devices/system/cpu/possible", "/sys/devices/system/cpu/present"})
    if (::access(file, R_OK) != 0)
      return os_error(std::string("cannot read ") + file + ": " + errno_text(errno),
                      "Torch needs it: mount /sys in this container");
  return std::nullopt;
}

Error no_torch() {
  const char* given = std::getenv("FILM_TORCH_DIR");
  if (given != nullptr && *given != '\0')
    return config_error(std::string("FILM_TORCH_DIR is ") + given + ", but there is no lib/libtorch_cpu.so",
                        "set it to the torch folder of the torch 2.11.0 wheel, or unset it");
  return config_error("no Torch found",
                      "run scripts/setup.sh, or set FILM_TORCH_DIR to the wheel's torch folder");
}

// Torch takes itself apart for a tenth of a second when a process ends, and the kernel does it in any case. Sanitizers report at
// the very end.
void end_without_torch() {
#ifndef __SANITIZE_ADDRESS__
  ::on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        ::_exit(status);
      },
      nullptr);
#endif
}

// The machine that runs is not always the one that built: libc10 and libtorch_cpu are opened by absolute path first.
LibraryAccess load() {
  const fs::path file = program_folder() / "libfilm_engine.so", torch = torch_library_folder();
  if (!fs::exists(file))
    return {nullptr, config_error("this build has no Torch library: " + file.string() + " is missing",
                                  "build with -DFILM_ENGINE=ON (preset release)")};
  if (torch.empty()) return {nullptr, no_torch()};
  // Idle OpenMP threads must sleep: spinning ones slow a busy machine many times over. libgomp reads this when it is
  // loaded, which is now.
  ::setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  ::setenv("TORCH_CPP_LOG_LEVEL", "ERROR",
           0);  // c10d warns of every try to reach a rank that is not there yet
  if (const auto missing = missing_processor_files()) return {nullptr, missing};
  void* handle = nullptr;
  for (const fs::path& path : {torch / "libc10.so", torch / "libtorch_cpu.so", file}) {
    handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
    if (handle == nullptr) return {nullptr, cannot_open()};
  }
  end_without_torch();
  using Make = Engine*();
  auto* make = reinterpret_cast<Make*>(::dlsym(handle, "film_make_engine"));
  if (make == nullptr)
    return {nullptr, config_error(file.string() + " is not film's: rebuild it with this program")};
  return {make(), {}};  // lives as long as the process
}

}  // namespace

fs::path torch_library_folder() {
  const char* given = std::getenv("FILM_TORCH_DIR");
  const bool named = given != nullptr && *given != '\0';  // a wrong one is not passed over
  const fs::path folder = named ? given : build_info::kTorchDir;
  return !folder.empty() && fs::exists(folder / "lib/libtorch_cpu.so") ? folder / "lib" : fs::path();
}

const LibraryAccess& find_library() {
  static const LibraryAccess access = load();
  return access;
}

Engine& library() {
  const LibraryAccess& access = find_library();
  if (access.failure) throw Error(*access.failure);
  return *access.library;
}

}  // namespace film::engine
