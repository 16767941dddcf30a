#include "film/engine/engine.h"

#include <dlfcn.h>

#include <cstdlib>

#include "film/base/error.h"
#include "film_build_info.h"

namespace film::engine {
namespace {

void* open_library(const fs::path& path) {
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle == nullptr)
    throw config_error(
        std::string("cannot open the learning half: ") + ::dlerror(),
        "run scripts/setup.sh, or set FILM_TORCH_DIR to the torch folder of the torch 2.11.0 wheel");
  return handle;
}

fs::path program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

// The machine that runs is not always the one that built: libc10 and libtorch_cpu are opened by absolute path
// first.
Engine& load() {
  const fs::path library = program_folder() / "libfilm_engine.so", torch = torch_library_folder();
  if (!fs::exists(library))
    throw config_error("this build has no learning half: " + library.string() + " is missing",
                       "build with -DFILM_ENGINE=ON (preset release)");
  if (torch.empty())
    throw config_error("no Torch found",
                       "run scripts/setup.sh, or set FILM_TORCH_DIR to the wheel's torch folder");
  // Idle OpenMP threads must sleep: spinning ones slow a busy machine many times over. libgomp reads this
  // when it is loaded, which is now.
  ::setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  open_library(torch / "libc10.so");
  open_library(torch / "libtorch_cpu.so");
  void* handle = open_library(library);
  using Make = Engine*();
  auto* make = reinterpret_cast<Make*>(::dlsym(handle, "film_make_engine"));
  if (make == nullptr) throw config_error(library.string() + " is not film's: rebuild it with this program");
  return *make();  // lives as long as the process
}

}  // namespace

fs::path torch_library_folder() {
  const char* given = std::getenv("FILM_TORCH_DIR");
  for (const fs::path& folder : {fs::path(given != nullptr ? given : ""), fs::path(build_info::kTorchDir)})
    if (!folder.empty() && fs::exists(folder / "lib/libtorch_cpu.so")) return folder / "lib";
  return {};
}

Engine& library() {
  static Engine& loaded = load();
  return loaded;
}

}  // namespace film::engine
