#pragma once
// Shared by the tests of base.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/error.h"
#include "film/base/files.h"
#include "film/base/lines.h"

namespace film::testing_base {

// A folder that is gone when the test ends.
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
  fs::path put(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }

 private:
  fs::path path_;
};

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

// All lines of a file through LineReader.
inline std::vector<std::string> lines_of(const fs::path& path) {
  LineReader reader(path);
  std::vector<std::string> lines;
  for (std::string line; reader.next(line);) lines.push_back(line);
  return lines;
}

}  // namespace film::testing_base
