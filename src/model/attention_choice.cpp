#include "film/model/attention_choice.h"

#include <ATen/Context.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "attention_tiles.h"
#include "film/base/log.h"
#include "film/kernels/device.h"

namespace film::model {

void choose_attention(engine::AttentionChoice choice, bool deterministic) {
  at::Context& context = at::globalContext();
  context.setSDPUseCuDNN(choice == engine::AttentionChoice::automatic && !deterministic);
  context.setDeterministicAlgorithms(deterministic, /*warn_only=*/false);
  if (!deterministic) return;
  context.setDeterministicFillUninitializedMemory(false);  // a test's business, and half of the memory's time
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);       // read with the first product; Torch asks for it
}

std::int64_t longest_on_gpu(engine::Precision precision, std::int64_t heads, std::int64_t head_dim) {
  if (is_fusable(kernels::scalar_type(precision), head_dim)) return std::numeric_limits<std::int64_t>::max();
  const double rows = std::sqrt(static_cast<double>(kUnfusedCells) / static_cast<double>(heads));
  return static_cast<std::int64_t>(rows);
}

bool may_use_cudnn() {
  const at::Context& context = at::globalContext();
  return context.userEnabledCuDNNSDP() && !context.deterministicAlgorithms();
}

void leave_cudnn(const std::string& why) {
  if (!may_use_cudnn()) return;
  at::globalContext().setSDPUseCuDNN(false);
  warn("attention: " + why + "; FlashAttention takes over from cuDNN (attention=flash starts with it)");
}

}  // namespace film::model
