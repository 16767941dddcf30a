#include "film/base/error.h"
#include "film/folders/data_folder.h"
#include "film/tasks/build.h"

namespace film::tasks {
namespace {

Passage opened(const folders::DataFolder& data, const Context& context, const text::Tokenizer& tokenizer) {
  return {data.segment_texts(context, tokenizer), data.tokens(context)};
}

}  // namespace

std::vector<HeldOut> held_out(const std::vector<std::string>& folders, Split split,
                              const text::Tokenizer& tokenizer) {
  std::vector<HeldOut> list;
  for (const std::string& folder : folders) {
    const folders::DataFolder data(folder);
    if (data.facts().tokenizer.sha256 != tokenizer.sha256())
      throw bad_data(folder + " was made with another tokenizer than the model's",
                     "make the data with this model's tokenizer");
    for (Example& example : data.examples(split)) {
      const std::uint64_t id = example.context;
      const auto segments = static_cast<std::uint32_t>(data.context(id).segments.size());
      list.push_back({std::move(example), segments,
                      [data, id, tokenizer] { return opened(data, data.context(id), tokenizer); }});
    }
  }
  return list;
}

}  // namespace film::tasks
