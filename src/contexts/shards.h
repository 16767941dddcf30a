#pragma once
// Private to the module: the shards in a DATA folder (docs/formats.md, "Shards of DATA").
#include <vector>

#include "film/base/files.h"
#include "film/base/json.h"
#include "film/corpus/shard.h"

namespace film::contexts {

fs::path shards_folder(const fs::path& data);
fs::path shard_folder(const fs::path& data, const corpus::Shard& shard);

// All shards of the corpus in order; none if DATA has none. `wanted`: the settings that change the result, with the inputs.
// Throws no_input (shards are missing or not finished), config_error (they are of different numbers of shards, or were made
// with other settings), bad_data (they are damaged).
std::vector<corpus::PreparedShard> find_shards(const fs::path& data, const Json& wanted);

}  // namespace film::contexts
