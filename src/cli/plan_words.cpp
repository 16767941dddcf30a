#include "plan_words.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "film/base/error.h"
#include "film/engine/gpu_model.h"

namespace film::cli {
namespace {

// "4096:32768", or "8192" for both.
std::pair<std::int64_t, std::int64_t> lengths(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto number = [&](std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size())
      throw usage_error("--tokens " + text + ": expected MIN:MAX, two whole numbers",
                        "for example --tokens 4096:32768");
    return value;
  };
  const std::string_view all = text;
  if (colon == std::string::npos) return {number(all), number(all)};
  return {number(all.substr(0, colon)), number(all.substr(colon + 1))};
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
  app.add_option("--price", words.price, "With --dry-run: what an hour of the device costs")
      ->type_name("X")
      ->check(CLI::NonNegativeNumber);
}

void require_dry_run(const PlanWords& words, bool dry_run) {
  const bool any = !words.on.empty() || words.examples > 0 || !words.tokens.empty() || words.price > 0;
  if (any && !dry_run)
    throw usage_error("--on, --examples, --tokens and --price are about a plan, not about training",
                      "add --dry-run");
  if ((words.examples > 0) != !words.tokens.empty())
    throw usage_error("--examples N and --tokens MIN:MAX belong together",
                      "for example --examples 1550000 --tokens 4096:32768");
}

engine::PlanOptions plan_options(const PlanWords& words) {
  engine::PlanOptions options;
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
