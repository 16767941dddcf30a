#pragma once
// The options of film train --dry-run that say what is planned for: GPUs by name, examples by number and length, a
// price.
#include <cstdint>
#include <string>
#include <vector>

#include "film/engine/results.h"

namespace CLI {
class App;
}

namespace film::cli {

struct PlanWords {
  std::vector<std::string> on;  // --on NAME,NAME or all
  std::uint64_t examples = 0;   // --examples N
  std::string tokens;           // --tokens MIN:MAX
  double price = 0;             // --price X, of an hour of each device; 0: not said
  std::string gpus = {};        // --gpus 8x16: GPUs of a node x nodes
  double network = 0;           // --network X, GB/s; 0: not said
};

void add_plan_options(CLI::App& app, PlanWords& words);

// Throws usage_error: options of a dry run without it, lengths without a number or the other way.
void require_dry_run(const PlanWords& words, bool dry_run);
engine::PlanOptions plan_options(const PlanWords& words);

}  // namespace film::cli
