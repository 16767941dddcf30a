#pragma once
// What the Torch library tells the executable.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "film/engine/cluster.h"
#include "film/engine/device.h"
#include "film/engine/memory_plan.h"
#include "film/engine/probe_fit.h"

namespace film::engine {

// What a training run will do and need, known before it starts.
struct TrainPlan {
  std::string model = {};  // in words
  Precision precision = Precision::float32;
  std::string device = {};   // "cpu", "cuda:0", "NVIDIA H100 SXM, 80 GB"
  std::string gpu = {};      // the name of a GPU that it was asked for: "h100-80"; empty: this machine
  std::int64_t steps = 0;    // at most: a stage may end early
  std::uint64_t passes = 0;  // forward and backward over one pack
  std::uint64_t pairs = 0;   // of question and answer
  std::uint64_t tokens = 0;  // rows computed, without padding
  std::uint64_t answer_tokens = 0;
  std::uint64_t padding = 0;      // rows computed for nothing
  std::int64_t longest_pass = 0;  // rows
  double flops = 0;               // of the model, without what is recomputed
  double recomputed = 0;          // floating-point operations
  double seconds = 0;             // of everything that the device does; data and checkpoints come on top
  double joules = 0;              // of all GPUs of a name, at their boards' limit
  Cluster cluster = {};           // that it was asked for
  StepTraffic traffic = {};       // of each of its ranks
  double exchange_seconds = 0;    // part of `seconds`: exchanges that no pass hides
  double pace = 1;                // time of the rank with most to do, over the mean
  bool pads_lengths = false;
  MemoryPlan memory = {};
  const Sharing& sharing() const { return memory.device.sharing; }
  std::uint64_t limit = 0;          // bytes that the run may take on the device
  std::uint64_t host_bytes = 0;     // of the GPU's host, for offloaded state
  ProbeFit probe = {};              // the same model, asked on the same device in the same precision
  std::string misfit = {};          // why the run would be refused, with the way out; empty: it fits
  std::int64_t fitting_tokens = 0;  // then: examples and passes of so many tokens would fit; 0: none
};

// What a plan is made for instead of the data at hand and the device that is here.
inline constexpr std::int64_t kPlannedQuestion = 64,
                              kPlannedAnswer = 32,  // tokens of each, where there is no data
    kPlannedPair = kPlannedQuestion + kPlannedAnswer;
struct PlanOptions {
  std::vector<std::string> on = {};        // GPUs by name (gpu_model.h); empty: this machine
  std::uint64_t examples = 0;              // of every stage; 0: what its data holds
  std::int64_t shortest = 0, longest = 0;  // tokens of an example, its question and answer included: uniform
  Cluster cluster = {};                    // of GPUs of each name
};

// One GPU and the versions that meet there.
struct GpuInfo {
  std::string name = {};
  std::string capability = {};  // compute capability: "9.0"
  int driver = 0, runtime = 0;  // newest CUDA that the driver knows, CUDA of the library: 13000 is 13.0
  int nccl = 0;                 // 22809 is 2.28.9
  std::uint64_t memory = 0, free = 0;  // bytes
};

struct EngineInfo {
  std::string torch = {};           // version
  int threads = 0;                  // that computations use
  std::string cpu_capability = {};  // vector instructions: "AVX2"
  std::optional<GpuInfo> gpu = {};  // one that can be used
  // Without one: what stands in the way, and the remedy. driver_missing: the machine has no NVIDIA driver at all, so
  // nobody expects a GPU to be used.
  bool driver_missing = false;
  std::string gpu_problem = {}, gpu_remedy = {};
};

}  // namespace film::engine
