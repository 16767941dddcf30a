// Weights that are no numbers: named when they are read, never saved.
#include <gtest/gtest.h>

#include <limits>

#include "../support/failure.h"
#include "support.h"

namespace film::checkpoint {
namespace {

using support::failure_of;
using testing_checkpoint::Masters;
using testing_checkpoint::small_config;
using testing_checkpoint::TempFolder;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

Tensor parameter(const model::ModelTensors& tensors, const std::string& wanted) {
  Tensor found;
  model::for_each_parameter(tensors, small_config(),
                            [&](const std::string& name, Tensor view, model::ParameterKind) {
                              if (name == wanted) found = std::move(view);
                            });
  return found;
}

struct Bad {
  const char* tensor;
  float value;
};
constexpr Bad kBad[] = {{"model.embed_tokens.weight", kNaN},
                        {"model.layers.1.mlp.down_proj.weight", -kInfinity},
                        {"lm_head.weight", kInfinity},
                        {"model.norm.weight", kNaN}};

TEST(NotFinite, IsNamedWhenRead) {
  const TempFolder folder;
  for (const Bad& bad : kBad)
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kHalf}) {
      const Masters masters(small_config(), 3);
      NamedTensors tensors;
      model::for_each_parameter(masters.whole, small_config(),
                                [&](const std::string& name, const Tensor& view, model::ParameterKind) {
                                  Tensor copy =
                                      view.to(type, /*non_blocking=*/false, /*copy=*/true).contiguous();
                                  if (name == bad.tensor) copy.view(-1)[copy.numel() - 1] = bad.value;
                                  tensors.emplace_back(name, copy);
                                });
      write_safetensors(folder / "model.safetensors", tensors);
      for (const at::ScalarType into : {at::kFloat, at::kBFloat16}) {
        const std::string said = failure_of([&] { load_weights(folder.path(), small_config(), into); });
        EXPECT_TRUE(said.starts_with("65 ")) << said;
        EXPECT_NE(said.find(bad.tensor), std::string::npos) << said;
        EXPECT_NE(said.find("not finite"), std::string::npos) << said;
      }
    }
}

TEST(NotFinite, IsNeverSaved) {
  const TempFolder folder;
  for (const Bad& bad : kBad) {
    const Masters masters(small_config(), 3);
    parameter(masters.whole, bad.tensor).view(-1)[0] = bad.value;
    const std::string said = failure_of([&] {
      save_checkpoint(folder.path(), "step-1", small_config(),
                      model::ParameterList(small_config(), masters.whole), {}, {at::kFloat, false, ""});
    });
    EXPECT_TRUE(said.starts_with("79 ")) << said;
    EXPECT_NE(said.find(bad.tensor), std::string::npos) << said;
    EXPECT_FALSE(fs::exists(folder / "checkpoints/step-1"));
  }
}

}  // namespace
}  // namespace film::checkpoint
