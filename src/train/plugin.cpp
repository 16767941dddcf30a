// What libfilm_engine.so offers to the executable: one maker of the Engine interface.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/engine/engine.h"
#include "film/generation/cached_model.h"
#include "film/kernels/device.h"
#include "film/train/train_loop.h"

namespace film::plugin {
namespace {

// Torch's errors carry a backtrace of kilobytes: keep the sentence, and tell memory from bugs.
template <class Work>
auto translated(Work work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    if (text.find("allocate memory") != std::string::npos || text.find("out of memory") != std::string::npos)
      throw os_error("out of memory: " + text.substr(0, text.find(". ")),
                     "lower pack_tokens or memory.limit, set memory.state to host, or use a smaller model");
    throw internal_error("Torch: " + text.substr(0, text.find(". ")));
  }
}

class TorchEngine : public engine::Engine {
 public:
  Json train(const engine::TrainSettings& settings, OutputFolder& run) override {
    return translated([&] { return train::train(settings, run); });
  }
  Json plan(const engine::TrainSettings& settings) override {
    return translated([&] { return train::plan_training(settings); });
  }
  std::unique_ptr<engine::LanguageModel> open_model(const fs::path& folder, int threads) override {
    at::set_num_threads(thread_count(threads));
    return translated([&] { return generation::open_model(folder); });
  }
  Json describe() override {
    const kernels::CudaState& cuda = kernels::open_cuda();
    Json card = nullptr;
    if (cuda.usable()) card = translated([] { return kernels::describe_card(); });
    return {{"torch", TORCH_VERSION},
            {"threads", at::get_num_threads()},
            {"cpu", at::get_cpu_capability()},
            {"cuda", {{"driver_missing", cuda.driver_missing}, {"what", cuda.what}, {"remedy", cuda.remedy}}},
            {"card", card}};
  }
};

}  // namespace
}  // namespace film::plugin

extern "C" film::engine::Engine* film_make_engine() { return new film::plugin::TorchEngine; }
