// Seconds of reading a context and of decoding answers to questions on it, for tests/bench/{probing,asking_memory}.py and
// scripts/gpu_check.sh.
//
//   film_bench_generation JOB.json
//     {"model_folder" or "model": shape of a random one, "device": "cpu", "cuda", "precision", "threads", "prefix": [ids],
//      "questions": [[ids], ...], "new_tokens", or "choices": [[ids], ...], one a question, which are rated instead,
//      "before": [ids] of another context that is read first, so that all kernels of its length are made;
//      "memory_limit": bytes that the process may take, 0 = all}
//   -> one line of JSON: CPU seconds of the prefix alone, of the prefix and the questions' own ids, and of all of it (of
//      rating: of all of it), the same by the clock ("wall", and of the context before); new ids of every question, or
//      log-likelihoods; bytes planned, and taken at the peak
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
#include "generation/rated_pack.h"

namespace film {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// CPU: of all threads of the process, other programs on the machine do not count. Wall: all that a GPU is waited for.
struct Seconds {
  double cpu = 0, wall = 0;
};

Seconds timed(const at::Device& device, const std::function<void()>& work) {
  const Seconds start{seconds_of(CLOCK_PROCESS_CPUTIME_ID), seconds_of(CLOCK_MONOTONIC)};
  work();
  kernels::synchronise(device);
  return {seconds_of(CLOCK_PROCESS_CPUTIME_ID) - start.cpu, seconds_of(CLOCK_MONOTONIC) - start.wall};
}

double fastest_of(int times, const std::function<void()>& work) {
  double best = 1e30;
  for (int i = 0; i < times; ++i) best = std::min(best, timed(at::kCPU, work).cpu);
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

engine::DeviceChoice device_of(const Json& job) {
  return job.contains("device") ? member<engine::DeviceChoice>(job, "device", "job")
                                : engine::DeviceChoice::cpu;
}

std::unique_ptr<engine::LanguageModel> model_of(const Json& job, const engine::ModelConfig& config,
                                                engine::Precision precision) {
  const auto limit = job.value("memory_limit", std::uint64_t{0});
  if (!job.contains("model"))
    return generation::open_model({.folder = job.at("model_folder").get<std::string>(),
                                   .device = device_of(job),
                                   .precision = precision,
                                   .memory_limit = limit});
  const at::Device device = kernels::choose_device(device_of(job));
  model::ModelTensors weights =
      model::empty_tensors(config, at::device(device).dtype(kernels::scalar_type(precision)));
  const auto draw = [](const std::string&, const at::Tensor& x, model::ParameterKind) { x.normal_(0, 0.02); };
  model::for_each_parameter(weights, config, draw);
  return std::make_unique<generation::CachedModel>(config, std::move(weights), text::TokenIds{}, limit);
}

// What is asked, and what became of it.
struct Questions {
  text::TokenIds before, prefix;
  std::vector<engine::Prompt> prompts;
  std::vector<text::TokenIds> choices;  // parallel to the prompts, or empty
  int new_tokens = 0;
};

Questions questions_of(const Json& job) {
  Questions asked{job.value("before", text::TokenIds{}),
                  job.at("prefix").get<text::TokenIds>(),
                  {},
                  {},
                  job.value("new_tokens", 0)};
  for (const Json& ids : job.at("questions"))
    asked.prompts.push_back({{}, ids.get<text::TokenIds>(), asked.prompts.size()});
  for (engine::Prompt& prompt : asked.prompts) prompt.prefix = asked.prefix;
  for (const Json& ids : job.value("choices", Json::array()))
    asked.choices.push_back(ids.get<text::TokenIds>());
  return asked;
}

engine::AskingShape shape_of(const Questions& asked) {
  if (!asked.choices.empty())
    return {.rated = generation::most_rows(generation::rated_packs(asked.prompts, asked.choices))};
  engine::AskingShape shape{.context = static_cast<std::int64_t>(asked.prefix.size()),
                            .questions = static_cast<std::int64_t>(asked.prompts.size()),
                            .new_tokens = asked.new_tokens};
  for (const engine::Prompt& prompt : asked.prompts)
    shape.question = std::max(shape.question, static_cast<std::int64_t>(prompt.ids.size()));
  return shape;
}

std::uint64_t peak_on(const at::Device& device) {
  if (!device.is_cuda()) return engine::peak_memory();
  const kernels::DeviceMemory memory = kernels::device_memory(device);
  return memory.total - memory.free - memory.reserved + memory.peak_reserved;
}

Json rate(engine::LanguageModel& model, const Questions& asked, const at::Device& device) {
  std::vector<double> rated;
  const Seconds all = timed(device, [&] { rated = model.log_likelihood(asked.prompts, asked.choices); });
  return {{"all", all.cpu}, {"wall", {{"all", all.wall}}}, {"rated", rated}};
}

Json generate(engine::LanguageModel& model, const Questions& asked, const at::Device& device) {
  constexpr std::size_t kFew = 64;
  const std::span few = std::span(asked.prefix).subspan(1).first(std::min(kFew, asked.prefix.size() - 1));
  model.generate({{{few, {5}, 0}}}, {.max_new_tokens = 1});  // a GPU's libraries are loaded when first used
  std::vector<engine::Completion> made;
  const auto read = [&](const text::TokenIds& context) {
    return timed(device, [&] { model.generate({{{context, {5}, 0}}}, {.max_new_tokens = 1}); });
  };
  const Seconds before = asked.before.empty() ? Seconds{} : read(asked.before), prefix = read(asked.prefix),
                first = timed(device, [&] { model.generate(asked.prompts, {.max_new_tokens = 1}); }),
                all = timed(device, [&] {
                  made = model.generate(asked.prompts, {.max_new_tokens = asked.new_tokens});
                });
  Json ids = Json::array();
  for (const engine::Completion& completion : made) ids.push_back(completion.ids);
  return {
      {"prefix", prefix.cpu},
      {"first", first.cpu},
      {"all", all.cpu},
      {"wall", {{"before", before.wall}, {"prefix", prefix.wall}, {"first", first.wall}, {"all", all.wall}}},
      {"ids", ids}};
}

Json run(const Json& job) {
  engine::return_freed_memory();
  const auto precision = member<engine::Precision>(job, "precision", "job");
  at::set_num_threads(job.at("threads").get<int>());
  const at::Device device = kernels::choose_device(device_of(job));
  const engine::MemoryBytes before = generation::memory_of(device);
  const engine::ModelConfig config = config_of(job);
  const Questions asked = questions_of(job);
  const auto model = model_of(job, config, precision);
  Json result = asked.choices.empty() ? generate(*model, asked, device) : rate(*model, asked, device);
  const auto limit = job.value("memory_limit", std::uint64_t{0});
  result["planned"] = engine::plan_asking(config, precision, shape_of(asked), limit > 0 ? limit : UINT64_MAX,
                                          before.taken, before.kind)
                          .total();
  result["peak"] = peak_on(device);
  return result;
}

}  // namespace
}  // namespace film

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s JOB.json | floors\n", argv[0]);
    return 2;
  }
  const std::string job = argv[1];
  try {
    std::puts(film::to_line(job == "floors" ? film::floors() : film::run(film::read_json(job))).c_str());
    return 0;
  } catch (const film::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
