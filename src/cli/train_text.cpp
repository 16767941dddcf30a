#include "train_text.h"

#include <fmt/format.h>

#include "film/base/format.h"

namespace film::cli {
namespace {

double kilowatt_hours(const engine::TrainPlan& plan) { return plan.joules / 3.6e6; }
double money(const engine::TrainPlan& plan, double price) {
  return plan.seconds / 3600 * price * plan.cluster.ranks();
}

// Time, energy and money of a plan, as far as they are known.
std::string cost_text(const engine::TrainPlan& plan, double price) {
  std::string text = "about " + duration_text(plan.seconds);
  if (plan.joules > 0) text += fmt::format(", {:.1f} kWh at the board's limit", kilowatt_hours(plan));
  if (price > 0)
    text += fmt::format(", {:.2f} at {:.2f} an hour{}", money(plan, price), price,
                        plan.cluster.ranks() > 1 ? " and GPU" : "");
  return text;
}

std::string sharing_text(const engine::Sharing& sharing) {
  std::string text = name_of(sharing.shard);
  if (sharing.shard == engine::Shard::hybrid) text += fmt::format(" in groups of {}", sharing.model);
  if (sharing.sequence > 1) text += fmt::format(", sequence_parallel={}", sharing.sequence);
  return text;
}

// What several GPUs add to a plan.
std::string cluster_text(const engine::TrainPlan& plan) {
  const int ranks = plan.cluster.ranks();
  if (ranks == 1) return "";
  return fmt::format(
      "  {} GPUs, {} in each of {}; shard={}: what follows is of each\n"
      "  {:.2f} GB sent and as many received by each in a step; exchanges take {} of the time\n"
      "  the GPU with most to do has {:.0f} % more than the mean\n",
      ranks, plan.cluster.gpus_per_node, counted(static_cast<std::uint64_t>(plan.cluster.nodes), "node"),
      sharing_text(plan.sharing()), plan.traffic.wire(plan.sharing()) / 1e9,
      duration_text(plan.exchange_seconds), 100 * (plan.pace - 1));
}

std::string probe_text(const engine::ProbeFit& fit) {
  return fit.questions == 0 ? fmt::format("no question on {} tokens", fit.prefix)
                            : fmt::format("{} questions at once on {} tokens", fit.questions, fit.prefix);
}

std::string shorter_text(const engine::TrainPlan& plan) {
  return plan.fitting_tokens == 0 ? "no pass fits" : fmt::format("at most {} tokens", plan.fitting_tokens);
}

std::string plan_text(const engine::TrainPlan& plan, double price) {
  const bool here = plan.gpu.empty();
  std::string text =
      fmt::format("{}, {}{}\n", plan.model, name_of(plan.precision), here ? "" : ", on " + plan.device);
  text +=
      fmt::format("  {} steps, {} passes of at most {} tokens\n", plan.steps, plan.passes, plan.longest_pass);
  text += fmt::format("  {} question/answer pairs, {} tokens read, {} of them answers, {} of padding\n",
                      plan.pairs, plan.tokens, plan.answer_tokens, plan.padding);
  text += fmt::format("  {:.3g} PFLOP of model arithmetic and {:.3g} computed again\n  {}, {}\n{}\nmemory\n",
                      plan.flops / 1e15, plan.recomputed / 1e15, cost_text(plan, price),
                      here ? "on this machine" : "from its data sheet, nothing measured", cluster_text(plan));
  for (const engine::MemoryItem& item : plan.memory.items)
    text += fmt::format("  {:<24}{:>14}  {}\n", item.name, gibibytes_text(item.bytes), item.note);
  text += fmt::format("  {:<24}{:>14}  of {:.2f} GiB; memory.offload={}\n", "all",
                      gibibytes_text(plan.memory.total()), static_cast<double>(plan.limit) / (1ull << 30),
                      name_of(plan.memory.offload));
  if (plan.host_bytes > 0)
    text +=
        fmt::format("  {:<24}{:>14}  optimizer state\n", "and of the host", gibibytes_text(plan.host_bytes));
  if (!here) text += "  film eval there: " + probe_text(plan.probe) + "\n";
  if (plan.misfit.empty()) return text;
  return text + "\ndoes not fit: " + plan.misfit +
         "\nmax_tokens and pack_tokens that would: " + shorter_text(plan) + "\n";
}

// One line a device, within 80 columns.
std::string row_text(const engine::TrainPlan& plan, double price) {
  std::string text =
      fmt::format("{:<12}{:>7.1f}{:>7.1f}  ", plan.gpu, static_cast<double>(plan.limit) / (1ull << 30),
                  static_cast<double>(plan.memory.total()) / (1ull << 30));
  if (plan.misfit.empty())
    text += fmt::format("{:<6}{:>8.1f}{:>9.1f}{:>10}", name_of(plan.memory.offload), plan.seconds / 3600,
                        kilowatt_hours(plan), price > 0 ? fmt::format("{:.0f}", money(plan, price)) : "-");
  else
    text += fmt::format("{:<33}", shorter_text(plan));
  return text + fmt::format("{:>11}\n", plan.probe.questions);
}

Json plan_json(const engine::TrainPlan& plan, double price) {
  Json json = {{"model", plan.model},
               {"precision", name_of(plan.precision)},
               {"device", plan.device},
               {"steps", plan.steps},
               {"passes", plan.passes},
               {"pairs", plan.pairs},
               {"tokens", plan.tokens},
               {"answer_tokens", plan.answer_tokens},
               {"padding", plan.padding},
               {"pads_lengths", plan.pads_lengths},
               {"longest_pass", plan.longest_pass},
               {"flops", plan.flops},
               {"recomputed", plan.recomputed},
               {"seconds", plan.seconds},
               {"memory", to_json(plan.memory)},
               {"limit", plan.limit},
               {"host_memory", plan.host_bytes},
               {"fits", plan.misfit.empty()},
               {"probe", {{"tokens", plan.probe.prefix}, {"questions", plan.probe.questions}}}};
  if (!plan.misfit.empty()) json["misfit"] = plan.misfit;
  if (!plan.misfit.empty()) json["fitting_tokens"] = plan.fitting_tokens;
  if (!plan.gpu.empty()) json["gpu"] = plan.gpu;
  if (plan.joules > 0) json["kilowatt_hours"] = kilowatt_hours(plan);
  if (price > 0) json["money"] = money(plan, price);
  if (const int ranks = plan.cluster.ranks(); ranks > 1)
    json["cluster"] = {{"gpus_per_node", plan.cluster.gpus_per_node},
                       {"nodes", plan.cluster.nodes},
                       {"network", plan.cluster.network},
                       {"shard", name_of(plan.sharing().shard)},
                       {"shard_group", plan.sharing().model},
                       {"sequence_parallel", plan.sharing().sequence},
                       {"summed", static_cast<std::uint64_t>(plan.traffic.summed)},
                       {"scattered", static_cast<std::uint64_t>(plan.traffic.scattered)},
                       {"gathered", static_cast<std::uint64_t>(plan.traffic.gathered)},
                       {"swapped", static_cast<std::uint64_t>(plan.traffic.swapped)},
                       {"sent_a_step", plan.traffic.wire(plan.sharing())},
                       {"exchange_seconds", plan.exchange_seconds},
                       {"pace", plan.pace}};
  return json;
}

}  // namespace

std::string plans_text(const std::vector<engine::TrainPlan>& plans, double price) {
  if (plans.size() == 1) return plan_text(plans[0], price);
  const engine::TrainPlan& first = plans[0];
  std::string text = fmt::format(
      "{}, {}, all parameters\n  passes of at most {} tokens; from data sheets, nothing measured\n\n",
      first.model, name_of(first.precision), first.longest_pass);
  text += fmt::format("{:<12}{:>7}{:>7}  {:<6}{:>8}{:>9}{:>10}{:>11}\n", "GPU", "has", "needs", "state",
                      "hours", "kWh", "money", "questions");
  for (const engine::TrainPlan& plan : plans) text += row_text(plan, price);
  return text + fmt::format(
                    "\nhas, needs: GiB. state: where the optimizer's state is (memory.offload), or the\n"
                    "max_tokens and pack_tokens that would fit. questions: open at once on {}\n"
                    "tokens with film eval.\n",
                    first.probe.prefix);
}

Json plans_json(const std::vector<engine::TrainPlan>& plans, double price) {
  if (plans.size() == 1) return plan_json(plans[0], price);
  Json list = Json::array();
  for (const engine::TrainPlan& plan : plans) list.push_back(plan_json(plan, price));
  return list;
}

std::string facts_text(const TrainFacts& facts, const fs::path& run) {
  return fmt::format("{} on {}\n  {} steps, {} question/answer pairs, {} tokens\n  trained model: {}\n",
                     facts.model, facts.device, grouped(static_cast<std::uint64_t>(facts.steps)),
                     grouped(static_cast<std::uint64_t>(facts.pairs)),
                     grouped(static_cast<std::uint64_t>(facts.tokens)),
                     (run / facts.final_checkpoint).string());
}

}  // namespace film::cli
