// CPU seconds of reading a context and of decoding answers to questions on it, for tests/bench/probing.py.
//
//   film_bench_generation JOB.json
//     {"model_folder" or "model": shape of a random one, "precision", "threads", "prefix": [ids],
//      "questions": [[ids], ...], "new_tokens", "memory_limit": bytes that the process may take, 0 = all}
//   -> one line of JSON: seconds of the prefix alone, of the prefix and the questions' own ids, and of all of it; new
//      ids of every question; bytes planned, and taken at the peak
//   film_bench_generation floors
//   -> what this machine can do in one thread: products a second (fp32, bf16), bytes read a second
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

#include "film/base/json.h"
#include "film/base/settings.h"
#include "film/engine/memory_plan.h"
#include "film/generation/cached_model.h"
#include "film/kernels/device.h"

namespace film {
namespace {

// Of all threads of the process: other programs on the machine do not count.
double cpu_seconds(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double start = now();
  work();
  return now() - start;
}

double fastest_of(int times, const std::function<void()>& work) {
  double best = 1e30;
  for (int i = 0; i < times; ++i) best = std::min(best, cpu_seconds(work));
  return best;
}

double product_rate(at::ScalarType type) {
  constexpr std::int64_t kSide = 2048;
  const at::Tensor a = at::randn({kSide, kSide}).to(type), b = at::randn({kSide, kSide}).to(type);
  at::Tensor out = at::mm(a, b);
  return 2.0 * kSide * kSide * kSide / fastest_of(5, [&] { at::mm_out(out, a, b); });
}

double read_rate() {
  const at::Tensor x = at::ones({std::int64_t{1} << 28});
  return static_cast<double>(x.nbytes()) / fastest_of(3, [&] { x.sum(); });
}

Json floors() {
  at::set_num_threads(1);
  return {{"fp32", product_rate(at::kFloat)}, {"bf16", product_rate(at::kBFloat16)}, {"read", read_rate()}};
}

engine::ModelConfig config_of(const Json& job) {
  if (!job.contains("model"))
    return engine::model_config_from_hugging_face(fs::path(job.at("model_folder").get<std::string>()) /
                                                  "config.json");
  engine::ModelConfig config;
  Fields fields;
  config.describe(fields);
  fields.apply(job.at("model"), "job");
  return config;
}

std::unique_ptr<engine::LanguageModel> model_of(const Json& job, const engine::ModelConfig& config,
                                                engine::Precision precision) {
  const auto limit = job.value("memory_limit", std::uint64_t{0});
  if (!job.contains("model"))
    return generation::open_model(
        {.folder = job.at("model_folder").get<std::string>(), .precision = precision, .memory_limit = limit});
  model::ModelTensors weights = model::empty_tensors(config, kernels::scalar_type(precision));
  const auto draw = [](const std::string&, const at::Tensor& x, model::ParameterKind) { x.normal_(0, 0.02); };
  model::for_each_parameter(weights, config, draw);
  return std::make_unique<generation::CachedModel>(config, std::move(weights), text::TokenIds{}, limit);
}

std::uint64_t planned(const Json& job, const engine::ModelConfig& config, engine::Precision precision,
                      std::uint64_t before) {
  engine::AskingShape shape{.context = static_cast<std::int64_t>(job.at("prefix").size()),
                            .questions = static_cast<std::int64_t>(job.at("questions").size()),
                            .new_tokens = job.at("new_tokens").get<int>()};
  for (const Json& ids : job.at("questions"))
    shape.question = std::max(shape.question, static_cast<std::int64_t>(ids.size()));
  const auto limit = job.value("memory_limit", std::uint64_t{0});
  return engine::plan_asking(config, precision, shape, limit > 0 ? limit : UINT64_MAX, before,
                             engine::DeviceKind::cpu)
      .total();
}

Json run(const Json& job) {
  engine::return_freed_memory();
  const engine::Precision precision =
      job.at("precision") == "bfloat16" ? engine::Precision::bfloat16 : engine::Precision::float32;
  at::set_num_threads(job.at("threads").get<int>());
  const std::uint64_t before = engine::resident_memory();
  const engine::ModelConfig config = config_of(job);
  const auto model = model_of(job, config, precision);
  const auto prefix = job.at("prefix").get<text::TokenIds>();
  std::vector<engine::Prompt> prompts;
  for (const Json& ids : job.at("questions"))
    prompts.push_back({prefix, ids.get<text::TokenIds>(), prompts.size()});
  const int new_tokens = job.at("new_tokens").get<int>();
  std::vector<engine::Completion> made;
  const double reading = cpu_seconds([&] {
    model->generate({{{prefix, {5}, 0}}}, {.max_new_tokens = 1});
  }),
               asking = cpu_seconds([&] { model->generate(prompts, {.max_new_tokens = 1}); }),
               all = cpu_seconds([&] { made = model->generate(prompts, {.max_new_tokens = new_tokens}); });
  Json ids = Json::array();
  for (const engine::Completion& completion : made) ids.push_back(completion.ids);
  return {{"prefix", reading},
          {"first", asking},
          {"all", all},
          {"ids", ids},
          {"planned", planned(job, config, precision, before)},
          {"peak", engine::peak_memory()}};
}

}  // namespace
}  // namespace film

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s JOB.json | floors\n", argv[0]);
    return 2;
  }
  const std::string job = argv[1];
  std::puts(film::to_line(job == "floors" ? film::floors() : film::run(film::read_json(job))).c_str());
}
