// What libfilm_engine.so offers to the executable: one maker of the Engine interface.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include "film/base/error.h"
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
                     "lower pack_tokens or memory.limit, set memory.offload to cpu, or use a smaller model");
    throw internal_error("Torch: " + text.substr(0, text.find(". ")));
  } catch (const kernels::GpuFailure& failure) {
    throw os_error(
        failure.what(),
        "run nvidia-smi: is the GPU lost? The same command again goes on from the last checkpoint");
  }
}

// Torch's errors inside the methods of a model too.
class TranslatedModel : public engine::LanguageModel {
 public:
  explicit TranslatedModel(std::unique_ptr<engine::LanguageModel> model) : model_(std::move(model)) {}
  std::vector<engine::Completion> generate(std::span<const engine::Prompt> prompts,
                                           const engine::Decoding& decoding) override {
    return translated([&] { return model_->generate(prompts, decoding); });
  }
  std::vector<double> log_likelihood(std::span<const engine::Prompt> prompts,
                                     std::span<const text::TokenIds> continuations) override {
    return translated([&] { return model_->log_likelihood(prompts, continuations); });
  }
  std::int64_t max_tokens() const override { return model_->max_tokens(); }
  std::string describe() const override { return model_->describe(); }

 private:
  std::unique_ptr<engine::LanguageModel> model_;
};

engine::GpuInfo gpu_info() {
  const kernels::DeviceFacts facts = kernels::device_facts(at::Device(at::kCUDA, 0));
  return {.name = facts.name,
          .capability = facts.capability,
          .driver = facts.driver,
          .runtime = facts.runtime,
          .nccl = facts.nccl,
          .memory = facts.memory,
          .free = facts.free};
}

class TorchEngine : public engine::Engine {
 public:
  TrainFacts train(const engine::TrainSettings& settings, const engine::TrainProcess& process) override {
    return translated([&] { return train::train(settings, process); });
  }
  std::vector<engine::TrainPlan> plan(const engine::TrainSettings& settings,
                                      const engine::PlanOptions& options) override {
    return translated([&] { return train::plan_training(settings, options); });
  }
  std::unique_ptr<engine::LanguageModel> open_model(const engine::ModelOptions& options) override {
    at::set_num_threads(thread_count(options.threads));
    return std::make_unique<TranslatedModel>(translated([&] { return generation::open_model(options); }));
  }
  engine::MemoryBytes memory(engine::DeviceChoice device) override {
    return translated([&] { return generation::memory_of(kernels::choose_device(device)); });
  }
  engine::EngineInfo describe() override {
    const kernels::CudaState& cuda = kernels::open_cuda();
    engine::EngineInfo info;
    info.torch = TORCH_VERSION;
    info.threads = at::get_num_threads();
    info.cpu_capability = at::get_cpu_capability();
    info.driver_missing = cuda.driver_missing;
    info.gpu_problem = cuda.what;
    info.gpu_remedy = cuda.remedy;
    if (cuda.usable()) info.gpu = translated(gpu_info);
    return info;
  }
};

}  // namespace
}  // namespace film::plugin

extern "C" film::engine::Engine* film_make_engine() { return new film::plugin::TorchEngine; }
