#include "film/base/shipped_file.h"

#include "film/base/error.h"

namespace film {

fs::path shipped_file(const std::string& name) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path places[] = {name, program / name, program / ".." / name, program / "../.." / name,
                             program / "../share/film" / name};
  for (const fs::path& place : places)
    if (fs::exists(place)) return place;
  throw no_input(name + " does not exist, neither here nor near the program",
                 "run film in its source folder, or name the file by its whole path");
}

}  // namespace film
