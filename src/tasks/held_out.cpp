#include <fmt/format.h>

#include <map>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/folders/data_folder.h"
#include "film/tasks/build.h"

namespace film::tasks {
namespace {

Passage opened(const folders::DataFolder& data, const Context& context, const text::Tokenizer& tokenizer) {
  return {data.segment_texts(context, tokenizer), data.tokens(context)};
}

// There are questions, but about contexts of other splits.
Error none_held_out(const std::vector<std::string>& folders, Split split) {
  if (folders.empty())
    return config_error("the task in2 asks questions of DATA folders, and none is named", "--set data=DATA");
  std::map<std::string, std::size_t> elsewhere;
  for (const std::string& folder : folders)
    for (const Example& example : folders::DataFolder(folder).examples())
      elsewhere[name_of(example.split)] += example.questions.size();
  std::string counts;
  for (const auto& [name, count] : elsewhere)
    counts += fmt::format("{}{} about contexts of {}", counts.empty() ? "" : ", ", count, name);
  return no_input(
      fmt::format("{} holds no question about a context of {} ({})", join(folders, ", "), name_of(split),
                  counts.empty() ? "none at all" : counts),
      fmt::format("ask about that split: film qa DATA --import FILE --split {0}, or film synth with "
                  "contexts.{0} above 0; or let film eval ask another one: --set split=NAME",
                  name_of(split)));
}

}  // namespace

std::vector<HeldOut> held_out(const std::vector<std::string>& folders, Split split,
                              const text::Tokenizer& tokenizer) {
  std::vector<HeldOut> list;
  for (const std::string& folder : folders) {
    const folders::DataFolder data(folder);
    data.require_unchanged();
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
  if (list.empty()) throw none_held_out(folders, split);
  return list;
}

}  // namespace film::tasks
