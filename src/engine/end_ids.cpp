#include "film/base/error.h"
#include "film/engine/language_model.h"
#include "read_object.h"

namespace film::engine {
namespace {

constexpr const char* kKey = "eos_token_id";

std::vector<text::TokenId> ids_of(const Json& value, const fs::path& file) {
  std::vector<text::TokenId> ids;
  for (const Json& id : value.is_array() ? value : Json::array({value})) {
    const auto number = read_value<text::TokenId>(id);
    if (!number || *number < 0)
      throw bad_data(file.string() + ": " + kKey + " is " + to_line(value) +
                     ", expected an id or a list of ids");
    ids.push_back(*number);
  }
  return ids;
}

}  // namespace

std::vector<text::TokenId> end_ids(const fs::path& folder) {
  for (const char* name : {"generation_config.json", "config.json"}) {
    const fs::path file = folder / name;
    if (!fs::exists(file)) continue;
    const Json json = read_object(file);
    if (json.contains(kKey) && !json[kKey].is_null()) return ids_of(json[kKey], file);
  }
  return {};
}

}  // namespace film::engine
