#include "shards.h"

#include <algorithm>
#include <set>

#include "film/base/as_number.h"
#include "film/base/error.h"
#include "film/base/manifest.h"
#include "film/base/output_folder.h"
#include "film/base/strings.h"

namespace film::contexts {
namespace {

constexpr std::string_view kOf = "-of-";
constexpr const char* kMakeAgain = "delete that folder and make the shard again";

std::uint32_t number_in(std::string_view text) { return as_number<std::uint32_t>(text).value_or(0); }

// How many shards the folders there are of; 0: there is none.
std::uint32_t count_of(const fs::path& folder) {
  std::set<std::uint32_t> counts;
  if (fs::is_directory(folder))
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      const std::size_t of = name.find(kOf);
      const std::uint32_t count =
          of == name.npos ? 0 : number_in(std::string_view(name).substr(of + kOf.size()));
      if (count == 0)
        throw config_error(entry.path().string() + " is no folder of a shard",
                           "delete it, or move it elsewhere");
      counts.insert(count);
    }
  if (counts.size() > 1)
    throw config_error(folder.string() + " holds shards of " + std::to_string(*counts.begin()) + " and of " +
                           std::to_string(*counts.rbegin()),
                       "delete those that are not wanted");
  return counts.empty() ? 0 : *counts.begin();
}

void require_all(const fs::path& data, std::uint32_t count) {
  std::vector<std::string> missing;
  for (std::uint32_t i = 1; i <= count; ++i)
    if (!fs::exists(shard_folder(data, {i, count}) / "manifest.json")) missing.push_back(std::to_string(i));
  if (missing.empty()) return;
  const std::string first = missing.front();
  throw no_input(
      std::string(missing.size() == 1 ? "shard " : "shards ") + join(missing, ", ") + " of " +
          std::to_string(count) + " in " + shards_folder(data).string() + " are missing or not finished",
      "make them with the same settings: film synth … --shard " + first + "/" + std::to_string(count) +
          "; or delete " + shards_folder(data).string() + " to do all of it here");
}

corpus::PreparedShard open_shard(const fs::path& folder, const Json& wanted) {
  const fs::path file = folder / "settings.json";
  Json made = member<Json>(read_json(file), "result_settings", file.string());
  made.erase("input.shard");
  if (const std::string differences = settings_differences(made, wanted); !differences.empty())
    throw config_error(folder.string() + " was made with other settings:" + differences,
                       "use the same settings, or delete " + folder.parent_path().string());
  const Manifest manifest = Manifest::read(folder / "manifest.json");
  manifest.check_content(kMakeAgain);
  return {folder / corpus::kShardFile, from_json<ShardFacts>(manifest.facts(), manifest.path().string())};
}

}  // namespace

fs::path shards_folder(const fs::path& data) { return data / "shards"; }

fs::path shard_folder(const fs::path& data, const corpus::Shard& shard) {
  return shards_folder(data) / shard.name();
}

std::vector<corpus::PreparedShard> find_shards(const fs::path& data, const Json& wanted) {
  const std::uint32_t count = count_of(shards_folder(data));
  require_all(data, count);
  std::vector<corpus::PreparedShard> shards;
  for (std::uint32_t i = 1; i <= count; ++i)
    shards.push_back(open_shard(shard_folder(data, {i, count}), wanted));
  return shards;
}

}  // namespace film::contexts
