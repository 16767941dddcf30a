#include "film/questions/asking_cost.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/format.h"
#include "prompts.h"

namespace film::questions {
namespace {

constexpr std::uint64_t kMostRead = 200;  // contexts of a kind

std::uint64_t requests_about(const Context& context, const QaSettings& settings) {
  const std::uint64_t evidence = context.evidence.size();
  if (context.kind == ContextKind::integration) return evidence >= 2 ? 1 : 0;
  return settings.per_context == 0 ? evidence : std::min<std::uint64_t>(evidence, settings.per_context);
}

std::uint64_t tokens_of(const endpoint::ChatRequest& request, const text::Tokenizer& tokenizer) {
  std::uint64_t tokens = 0;
  for (const endpoint::ChatMessage& message : request.messages)
    tokens += tokenizer.encode(message.text).size();
  return tokens;
}

// Tokens of all requests about these contexts, from some of them.
std::uint64_t prompt_tokens(const std::vector<const Context*>& contexts, std::uint64_t requests,
                            const Source& source, const QaSettings& settings, const Prompts& prompts) {
  const std::uint64_t read = std::min<std::uint64_t>(contexts.size(), kMostRead);
  std::uint64_t tokens = 0, count = 0;
  for (std::uint64_t i = 0; i < read; ++i)
    for (const Ask& ask : asks_about(*contexts[i * contexts.size() / read], source, settings)) {
      if (!can_ask(ask)) continue;
      tokens += tokens_of(prompts.request(ask), source.tokenizer);
      ++count;
    }
  return count == 0 ? 0
                    : static_cast<std::uint64_t>(static_cast<double>(tokens) / static_cast<double>(count) *
                                                 static_cast<double>(requests));
}

double minutes_of(const AskingCost& cost, const endpoint::EndpointSettings& server) {
  double minutes = 0;
  if (server.requests_per_minute > 0)
    minutes = static_cast<double>(cost.requests()) / server.requests_per_minute;
  if (server.tokens_per_minute > 0)
    minutes = std::max(minutes, static_cast<double>(cost.prompt_tokens() + cost.most_answer_tokens()) /
                                    server.tokens_per_minute);
  return minutes;
}

std::string money(double amount) {
  return fmt::format("{}.{:02}", grouped(static_cast<std::uint64_t>(amount)),
                     static_cast<std::uint64_t>(amount * 100) % 100);
}

}  // namespace

std::uint64_t AskingCost::requests() const {
  std::uint64_t sum = 0;
  for (const Kind& kind : kinds) sum += kind.requests;
  return sum;
}

std::uint64_t AskingCost::prompt_tokens() const {
  std::uint64_t sum = 0;
  for (const Kind& kind : kinds) sum += kind.prompt_tokens;
  return sum;
}

double AskingCost::cost_of_prompts() const { return static_cast<double>(prompt_tokens()) * price_in / 1e6; }

double AskingCost::most_cost() const {
  return cost_of_prompts() + static_cast<double>(most_answer_tokens()) * price_out / 1e6;
}

AskingCost asking_cost(const folders::DataFolder& data, const QaSettings& settings, std::uint64_t limit) {
  if (settings.generator != GeneratorKind::endpoint)
    throw config_error("--dry-run tells what a model behind an endpoint would be asked; generator is " +
                           std::string(name_of(settings.generator)),
                       "give --model NAME, or a settings file with \"generator\": \"endpoint\"");
  settings.check();
  const Prompts prompts(settings.endpoint.prompts);
  const Source source{data, data.tokenizer(settings.tokenizer), contexts_to_ask_about(data, limit)};
  const endpoint::EndpointSettings& server = settings.endpoint.server;
  AskingCost cost{{},
                  settings.endpoint.spares,
                  static_cast<std::uint64_t>(server.max_tokens),
                  server.price_in,
                  server.price_out};
  for (const ContextKind kind : kContextKinds) {
    AskingCost::Kind row{std::string(name_of(kind))};
    std::vector<const Context*> asked;
    for (const Context& context : std::span(data.contexts()).first(source.contexts))
      if (const std::uint64_t requests = context.kind == kind ? requests_about(context, settings) : 0;
          requests > 0) {
        asked.push_back(&context);
        row.requests += requests;
      }
    if (asked.empty()) continue;
    row.contexts = asked.size();
    row.prompt_tokens = prompt_tokens(asked, row.requests, source, settings, prompts);
    cost.kinds.push_back(std::move(row));
  }
  cost.minutes = minutes_of(cost, server);
  return cost;
}

std::string asking_cost_text(const AskingCost& cost) {
  std::string text =
      fmt::format("{:<16}{:>12}{:>12}{:>18}\n", "kind", "contexts", "requests", "prompt tokens");
  for (const AskingCost::Kind& kind : cost.kinds)
    text += fmt::format("{:<16}{:>12}{:>12}{:>18}\n", kind.name, grouped(kind.contexts),
                        grouped(kind.requests), grouped(kind.prompt_tokens));
  text += fmt::format("{:<16}{:>12}{:>12}{:>18}\n\n", "all", "", grouped(cost.requests()),
                      grouped(cost.prompt_tokens()));
  text += fmt::format("answers       at most {} tokens each, {} in all\n", grouped(cost.longest_answer),
                      grouped(cost.most_answer_tokens()));
  if (cost.spares > 0)
    text += fmt::format("spares        {:g} % of the contexts are asked about only in place of others\n",
                        100 * cost.spares);
  if (cost.price_in > 0 || cost.price_out > 0)
    text += fmt::format("cost          {} for the prompts, at most {} with the answers\n",
                        money(cost.cost_of_prompts()), money(cost.most_cost()));
  else
    text += "cost          set endpoint.price_in and endpoint.price_out (per million tokens)\n";
  if (cost.minutes > 0)
    text += "time          at least " + duration_text(60 * cost.minutes) + " by the limits given\n";
  return text +
         "Tokens are those of DATA's tokenizer, estimated from up to 200 requests of each kind;\n"
         "other models count a tenth or two more or less. Nothing was sent.\n";
}

Json asking_cost_json(const AskingCost& cost) {
  Json kinds = Json::object();
  for (const AskingCost::Kind& kind : cost.kinds)
    kinds[kind.name] = {
        {"contexts", kind.contexts}, {"requests", kind.requests}, {"prompt_tokens", kind.prompt_tokens}};
  return {{"kinds", kinds},
          {"requests", cost.requests()},
          {"prompt_tokens", cost.prompt_tokens()},
          {"most_answer_tokens", cost.most_answer_tokens()},
          {"spares", cost.spares},
          {"cost_of_prompts", cost.cost_of_prompts()},
          {"most_cost", cost.most_cost()},
          {"minutes", cost.minutes}};
}

}  // namespace film::questions
