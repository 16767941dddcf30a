#pragma once
// Shared by the tests of base.
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/lines.h"
#include "film/base/random.h"

namespace film::testing_base {

using support::failure_of;
using support::TempFolder;

// All lines of a file through LineReader.
inline std::vector<std::string> lines_of(const fs::path& path) {
  LineReader reader(path);
  std::vector<std::string> lines;
  for (std::string line; reader.next(line);) lines.push_back(line);
  return lines;
}

// `size` characters, each one of `alphabet`.
inline std::string random_text(Random& random, const std::vector<std::string>& alphabet, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += alphabet[random.below(alphabet.size())];
  return text;
}

// The same of single bytes.
inline std::string random_text(Random& random, std::string_view alphabet, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += alphabet[random.below(alphabet.size())];
  return text;
}

}  // namespace film::testing_base
