#include "eval_plan_text.h"

#include <fmt/format.h>

#include "film/base/enum_names.h"
#include "film/base/format.h"

namespace film::cli {
namespace {

std::string plan_text(const evaluation::ModelPlan& model) {
  const engine::AskingShape& shape = model.plan.shape;
  std::string text = fmt::format(
      "{}\n  contexts of at most {} tokens, {} questions a call, {} of them at a time\n\nmemory\n",
      model.label, shape.context, shape.questions, model.plan.open);
  for (const engine::MemoryItem& item : model.plan.items)
    text += fmt::format("  {:<24}{:>14}  {}\n", item.name, gibibytes_text(item.bytes), item.note);
  return text + fmt::format("  {:<24}{:>14}\n  {:<24}{:>14}\n", "all", gibibytes_text(model.plan.total()),
                            "it may take", gibibytes_text(model.limit));
}

}  // namespace

std::string plans_text(const std::vector<evaluation::ModelPlan>& plans) {
  std::string text;
  for (const evaluation::ModelPlan& plan : plans) text += (text.empty() ? "" : "\n") + plan_text(plan);
  return text.empty() ? "no model runs here: nothing is needed beside the program itself\n" : text;
}

Json plans_json(const std::vector<evaluation::ModelPlan>& plans) {
  Json list = Json::array();
  for (const evaluation::ModelPlan& plan : plans)
    list.push_back({{"model", plan.label},
                    {"context_tokens", plan.plan.shape.context},
                    {"questions", plan.plan.shape.questions},
                    {"limit", plan.limit},
                    {"memory", engine::to_json(plan.plan)}});
  return list;
}

}  // namespace film::cli
