#include "plan_words.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "film/base/as_number.h"
#include "film/base/error.h"
#include "film/engine/gpu_model.h"

namespace film::cli {
namespace {

std::int64_t whole_number(std::string_view digits, const Error& otherwise) {
  const auto value = as_number<std::int64_t>(digits);
  if (!value) throw Error(otherwise);
  return *value;
}

// "4096:32768", or "8192" for both.
std::pair<std::int64_t, std::int64_t> lengths(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto number = [&](std::string_view digits) {
    return whole_number(digits, usage_error("--tokens " + text + ": expected MIN:MAX, two whole numbers",
                                            "for example --tokens 4096:32768"));
  };
  const std::string_view all = text;
  if (colon == std::string::npos) return {number(all), number(all)};
  return {number(all.substr(0, colon)), number(all.substr(colon + 1))};
}

// "8x16": 16 nodes of 8; "4": one node.
engine::Cluster cluster_of(const PlanWords& words) {
  const std::string_view text = words.gpus;
  const auto number = [&](std::string_view digits) {
    const Error wrong =
        usage_error("--gpus " + words.gpus + ": expected GPUs of a node x nodes, from 1 to 10,000 of each",
                    "for example --gpus 8x16, or --gpus 8 for one node");
    const std::int64_t value = whole_number(digits, wrong);
    if (value < 1 || value > 10000) throw Error(wrong);
    return static_cast<int>(value);
  };
  engine::Cluster cluster;
  if (words.network > 0) cluster.network = words.network;
  if (text.empty()) return cluster;
  const std::size_t x = text.find('x');
  cluster.gpus_per_node = number(text.substr(0, x));
  if (x != std::string_view::npos) cluster.nodes = number(text.substr(x + 1));
  return cluster;
}

std::string gpu_names() {
  std::string names;
  for (const engine::GpuModel& gpu : engine::gpu_models()) names += std::string(gpu.name) + ", ";
  return names + "or all";
}

}  // namespace

void add_plan_options(CLI::App& app, PlanWords& words) {
  app.add_option("--on", words.on, "With --dry-run: plan for GPUs that are not here: " + gpu_names())
      ->type_name("NAME")
      ->delimiter(',');
  app.add_option(
         "--examples", words.examples,
         "With --dry-run: plan for so many examples instead of data, each one question about one context")
      ->type_name("N");
  app.add_option("--tokens", words.tokens, "With --examples: their lengths in tokens, uniform")
      ->type_name("MIN:MAX");
  app.add_option("--gpus", words.gpus, "With --on: so many GPUs in each node x so many nodes")
      ->type_name("NxNODES");
  app.add_option("--network", words.network, "With --gpus: GB/s of each GPU's network between nodes (50)")
      ->type_name("X")
      ->check(CLI::PositiveNumber);
  app.add_option("--price", words.price, "With --dry-run: what an hour of the device costs (of each GPU)")
      ->type_name("X")
      ->check(CLI::NonNegativeNumber);
}

void require_dry_run(const PlanWords& words, bool dry_run) {
  const bool cluster = !words.gpus.empty() || words.network > 0;
  const bool any =
      !words.on.empty() || words.examples > 0 || !words.tokens.empty() || words.price > 0 || cluster;
  if (any && !dry_run)
    throw usage_error(
        "--on, --gpus, --network, --examples, --tokens and --price are about a plan, not about training",
        "add --dry-run");
  if (cluster && words.on.empty())
    throw usage_error("--gpus and --network are about GPUs that --on names",
                      "for example --on h100-80 --gpus 8x16");
  if ((words.examples > 0) != !words.tokens.empty())
    throw usage_error("--examples N and --tokens MIN:MAX belong together",
                      "for example --examples 1550000 --tokens 4096:32768");
}

engine::PlanOptions plan_options(const PlanWords& words) {
  engine::PlanOptions options;
  options.cluster = cluster_of(words);
  options.examples = words.examples;
  if (words.examples > 0) std::tie(options.shortest, options.longest) = lengths(words.tokens);
  for (const std::string& name : words.on) {
    if (name != "all") options.on.push_back(name);
    if (name != "all") continue;
    for (const engine::GpuModel& gpu : engine::gpu_models()) options.on.emplace_back(gpu.name);
  }
  return options;
}

}  // namespace film::cli
