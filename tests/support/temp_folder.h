#pragma once
// A folder for one test.
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "film/base/files.h"

namespace film::support {

// Its name is its own, and it is gone when the test ends.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (fs::temp_directory_path() / "film-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw os_error("no temporary folder");
    path_ = name;
  }
  ~TempFolder() { fs::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const fs::path& path() const { return path_; }
  fs::path operator/(const std::string& name) const { return path_ / name; }
  // Writes a file, with the folders above it.
  fs::path put(const std::string& name, std::string_view content) const {
    make_folder((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }

 private:
  fs::path path_;
};

}  // namespace film::support
