#pragma once
// What questions are asked about: contexts of a DATA folder, and the model that decodes their texts.
#include <cstdint>
#include <string>
#include <vector>

#include "film/folders/data_folder.h"

namespace film::questions {

// Those of DATA that are no twins, or the first `limit` of them (0 = all).
std::uint64_t contexts_to_ask_about(const folders::DataFolder& data, std::uint64_t limit);

struct Source {
  const folders::DataFolder& data;
  text::Tokenizer tokenizer;
  std::uint64_t contexts = 0;  // the first so many are asked about; twins stand behind them

  // Of some segments of a context, by position. May be called from several threads.
  std::vector<std::string> texts(const Context& context, const std::vector<std::uint32_t>& positions) const {
    return data.segment_texts(context, positions, tokenizer);
  }
};

}  // namespace film::questions
