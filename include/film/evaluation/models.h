#pragma once
// Which models the settings name.
#include <optional>
#include <string>
#include <vector>

#include "film/evaluation/settings.h"

namespace film::evaluation {

// One model: in a folder, behind an endpoint, or asked elsewhere.
struct Candidate {
  std::string label;  // [A-Za-z0-9_.-]
  fs::path folder;    // empty: behind the endpoint, or asked elsewhere
  std::optional<endpoint::EndpointSettings> endpoint = {};
  std::vector<fs::path> outputs = {};  // what it said elsewhere: it is not asked
};

// In the order in which they are asked; the first is what the others are compared with. Run folders are resolved to
// checkpoints. Throws config_error (no model, unfit or equal labels) and no_input (missing folder, unfinished run).
std::vector<Candidate> candidates(const Settings& settings);

// What the answers depend on besides the settings: hashes of weights, DATA folders and task files, and `limit`. Shows
// its progress: weights without a manifest are read as a whole.
Json input_hashes(const std::vector<Candidate>& models, const Settings& settings, std::uint64_t limit);

}  // namespace film::evaluation
