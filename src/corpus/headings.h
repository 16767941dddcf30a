#pragma once
// Private to the module: lines that are headings, as far as a line and its neighbours tell.
#include <string_view>
#include <vector>

namespace film::corpus {

// Whether lines[i] begins a chapter or section: "# Title", a title underlined with = or -, "CHAPTER IV", "3.2 Title" or
// "XII." between blank lines, 第三章. What is only bold or short is not told from text.
bool is_heading(const std::vector<std::string_view>& lines, std::size_t i);

}  // namespace film::corpus
