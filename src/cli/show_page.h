#pragma once
// DATA as a page for a browser: all of it, or one context.
#include <cstdint>
#include <map>
#include <vector>

#include "film/folders/data_folder.h"

namespace film::cli {

using QuestionsByContext = std::map<std::uint64_t, std::vector<Question>>;

// Tables, figures and the first contexts of every kind and split.
std::string data_page_of(const folders::DataFolder& data, const fs::path& folder,
                         QuestionsByContext questions, const text::Tokenizer& tokenizer);

}  // namespace film::cli
