#pragma once
// Private to the module: the strings of an evaluation file, whatever its columns are called.
#include <cstdint>
#include <functional>
#include <string>

#include "film/sources/files.h"

namespace film::cleaning {

// A string of a row: `part` says which, as "question", "choices.text[2]" or, for a text file, "".
using UseText = std::function<void(std::uint64_t line, const std::string& part, const std::string& text)>;

// Calls use() for every string of every row in order, and returns the number of rows. Throws bad_data with the place.
std::uint64_t for_each_text(const sources::SourceFile& file, const UseText& use);

}  // namespace film::cleaning
