// CPU seconds of reading a context and of decoding answers to questions on it, for tests/bench/probing.py.
//
//   film_bench_generation JOB.json
//     {"model_folder", "precision", "threads", "prefix": [ids], "questions": [[ids], ...], "new_tokens"}
//   -> one line of JSON: seconds of the prefix alone, of the prefix and the questions' own ids, and of all of it; new
//      ids of every question; memory planned and taken, over the process before the model was opened
//   film_bench_generation floors
//   -> what this machine can do in one thread: products a second (fp32, bf16), bytes read a second
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

#include "film/base/json.h"
#include "film/engine/memory_plan.h"
#include "film/generation/cached_model.h"

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

Json run(const Json& job) {
  engine::return_freed_memory();
  engine::ModelOptions options{.folder = job.at("model_folder").get<std::string>()};
  if (job.at("precision") == "bfloat16") options.precision = engine::Precision::bfloat16;
  at::set_num_threads(job.at("threads").get<int>());
  const std::uint64_t before = engine::resident_memory();
  const auto model = generation::open_model(options);
  const auto prefix = job.at("prefix").get<text::TokenIds>();
  std::vector<engine::Prompt> prompts;
  for (const Json& ids : job.at("questions"))
    prompts.push_back({prefix, ids.get<text::TokenIds>(), prompts.size()});
  const int new_tokens = job.at("new_tokens").get<int>();
  std::vector<engine::Completion> made;
  const double reading = cpu_seconds([&] { model->generate({{{prefix, {5}, 0}}}, {.max_new_tokens = 1}); }),
               asking = cpu_seconds([&] { model->generate(prompts, {.max_new_tokens = 1}); }),
               all = cpu_seconds([&] { made = model->generate(prompts, {.max_new_tokens = new_tokens}); });
  Json ids = Json::array();
  for (const engine::Completion& completion : made) ids.push_back(completion.ids);
  return {{"prefix", reading},
          {"first", asking},
          {"all", all},
          {"ids", ids},
          {"peak", engine::peak_memory() - before}};
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
