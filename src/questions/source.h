#pragma once
// What questions are asked about: contexts of a DATA folder, and the model that decodes their texts.
#include <cstdint>
#include <string>
#include <vector>

#include "film/folders/data_folder.h"

namespace film::questions {

struct Source {
  const folders::DataFolder& data;
  text::Tokenizer tokenizer;
  std::uint64_t contexts = 0;  // the first so many are asked about

  // Of some segments of a context, by position. May be called from several threads.
  std::vector<std::string> texts(const Context& context, const std::vector<std::uint32_t>& positions) const {
    return data.segment_texts(context, positions, tokenizer);
  }
};

}  // namespace film::questions
