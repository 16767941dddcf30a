// Seconds of decoding: many questions on one context, by a random model of some size.
//
//   film_bench_generation PREFIX QUESTIONS QUESTION_TOKENS NEW_TOKENS [float32|bfloat16]
//   -> one line of JSON: seconds in all (the fastest of three), and of one question beyond the prefix's reading
#include <ATen/Parallel.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "film/base/json.h"
#include "film/generation/cached_model.h"

namespace film {
namespace {

engine::ModelConfig medium_model() {
  engine::ModelConfig config;
  config.vocab_size = 8192;
  config.hidden_size = 512;
  config.intermediate_size = 1536;
  config.num_hidden_layers = 8;
  config.num_attention_heads = 8;
  config.num_key_value_heads = 2;
  config.head_dim = 64;
  return config;
}

text::TokenIds some_ids(std::int64_t count, std::int64_t first) {
  text::TokenIds ids;
  for (std::int64_t i = 0; i < count; ++i) ids.push_back(static_cast<text::TokenId>((first + i * 31) % 8192));
  return ids;
}

double seconds(generation::CachedModel& model, const std::vector<engine::Prompt>& prompts, int new_tokens) {
  double best = 1e30;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    model.generate(prompts, {.max_new_tokens = new_tokens});
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

void run(std::int64_t prefix_tokens, std::int64_t questions, std::int64_t question_tokens, int new_tokens,
         at::ScalarType type) {
  const engine::ModelConfig config = medium_model();
  model::ModelTensors weights = model::empty_tensors(config, type);
  model::for_each_parameter(
      weights, config,
      [](const std::string&, const at::Tensor& x, model::ParameterKind) { x.normal_(0, 0.02); });
  generation::CachedModel model(config, weights);
  const text::TokenIds prefix = some_ids(prefix_tokens, 1);
  std::vector<engine::Prompt> prompts;
  for (std::int64_t q = 0; q < questions; ++q)
    prompts.push_back({prefix, some_ids(question_tokens, 100 + q), static_cast<std::uint64_t>(q)});
  const double reading = seconds(model, {{prefix, {5}, 0}}, 1), all = seconds(model, prompts, new_tokens);
  std::puts(to_line({{"threads", at::get_num_threads()},
                     {"seconds", all},
                     {"seconds_per_question", (all - reading) / static_cast<double>(questions)}})
                .c_str());
}

}  // namespace
}  // namespace film

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s PREFIX QUESTIONS QUESTION_TOKENS NEW_TOKENS [float32|bfloat16]\n",
                 argv[0]);
    return 2;
  }
  const bool half = argc > 5 && std::string(argv[5]) == "bfloat16";
  film::run(std::stol(argv[1]), std::stol(argv[2]), std::stol(argv[3]), std::stoi(argv[4]),
            half ? at::kBFloat16 : at::kFloat);
}
