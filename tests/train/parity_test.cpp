// Against transformers and torch on the same tiny weights (data/parity, made by tests/golden/make_parity.py):
// logits, loss, every gradient, ten AdamW steps; and transformers reading what film saves.
#include "parity.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "../support/temp_folder.h"
#include "film/base/json.h"
#include "film/checkpoint/hugging_face.h"
#include "film/model/mistral.h"
#include "support.h"
#include "train/train_step.h"

namespace film::train {
namespace {

using testing::parity_pack;

// fp32 noise: sums of a few thousand products of size about 1, in another order.
constexpr double kTolerance = 2e-5;

constexpr std::array kCases = {"v01_window", "v02",    "gqa8", "llama",      "tied",
                               "linear",     "llama3", "yarn", "yarn_mscale"};

fs::path folder_of(const char* name) { return fs::path(FILM_TEST_DATA) / "parity" / name; }

class Parity : public ::testing::TestWithParam<const char*> {
 protected:
  fs::path folder() const { return folder_of(GetParam()); }
  engine::ModelConfig config() const {
    return engine::model_config_from_hugging_face(folder() / "config.json");
  }
  model::ModelTensors weights() const { return checkpoint::load_weights(folder(), config(), at::kFloat); }
  Json expected() const { return read_json(folder() / "expected.json"); }
};

TEST_P(Parity, Logits) {
  const Json want = expected();
  const auto ids = want.at("sequences").at(1).get<std::vector<text::TokenId>>();
  batches::Pack p;
  p.ids.assign(ids.begin(), ids.end() - 1);
  for (std::int64_t i = 0; i < p.rows(); ++i) p.positions.push_back(i);
  p.groups = {{{0, p.rows()}, {}}};
  const Tensor logits = model::all_logits(config(), weights(), p);
  const auto rows = want.at("logits").get<std::vector<std::vector<double>>>();
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t v = 0; v < rows[r].size(); ++v)
      EXPECT_NEAR(logits[static_cast<std::int64_t>(r)][static_cast<std::int64_t>(v)].item<double>(),
                  rows[r][v], kTolerance * (1 + std::abs(rows[r][v])));
}

TEST_P(Parity, LossAndEveryGradient) {
  const Json want = expected();
  const engine::ModelConfig c = config();
  model::ModelTensors gradients = model::zero_tensors(c, at::kFloat);
  const model::PackResult result = model::run_pack(c, weights(), parity_pack(want), &gradients);
  EXPECT_NEAR(result.loss, want.at("loss").get<double>(), kTolerance);
  const checkpoint::SafetensorsFile reference(folder() / "gradients.safetensors");
  std::size_t seen = 0;
  model::for_each_parameter(gradients, c, [&](const std::string& name, Tensor got, model::ParameterKind) {
    const Tensor right = reference.tensor(name);
    const double difference = ((got - right).abs().max() / right.abs().max()).item<double>();
    EXPECT_LT(difference, kTolerance) << name;
    ++seen;
  });
  EXPECT_EQ(seen, reference.names().size());
}

// The same weights in bf16: activations rounded to 8 bits, sums in fp32.
TEST_P(Parity, Bf16) {
  const Json want = expected();
  const engine::ModelConfig c = config();
  model::ModelTensors gradients = model::zero_tensors(c, at::kFloat);
  const model::PackResult result =
      model::run_pack(c, checkpoint::load_weights(folder(), c, at::kBFloat16), parity_pack(want), &gradients);
  EXPECT_NEAR(result.loss / want.at("loss").get<double>(), 1, 0.02);
  const checkpoint::SafetensorsFile reference(folder() / "gradients.safetensors");
  double dot = 0, ours = 0, theirs = 0;
  model::for_each_parameter(gradients, c,
                            [&](const std::string& name, const Tensor& got, model::ParameterKind) {
                              const Tensor x = got.reshape(-1).to(at::kDouble),
                                           y = reference.tensor(name).reshape(-1).to(at::kDouble);
                              dot += x.dot(y).item<double>();
                              ours += x.dot(x).item<double>();
                              theirs += y.dot(y).item<double>();
                            });
  EXPECT_GT(dot / std::sqrt(ours * theirs), 0.995);
  EXPECT_NEAR(std::sqrt(ours / theirs), 1, 0.05);
}

TEST_P(Parity, TenAdamWSteps) {
  const Json want = expected();
  TrainingRun run = make_run(config(), at::kFloat, {}, "");
  load(run, folder());
  const Optimizer optimizer(testing::parity_optimizer(want), run.parameters);
  for (const Json& step : want.at("steps")) {
    const StepMetrics metrics =
        train_step(run, optimizer, testing::in_memory({parity_pack(want)}), want.at("optimizer").at("lr"));
    EXPECT_NEAR(metrics.loss, step.at("loss").get<double>(), 2e-4) << "step " << run.loop.step;
    EXPECT_NEAR(metrics.gradient_norm, step.at("norm").get<double>(), 2e-3) << "step " << run.loop.step;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Parity, ::testing::ValuesIn(kCases),
                         [](const auto& instance) { return std::string(instance.param); });

// All at once: most of the time goes into starting Python.
TEST(ParitySaved, TransformersReadsWhatFilmSaves) {
  const char* python = std::getenv("FILM_TEST_PYTHON");
  if (python == nullptr)
    GTEST_SKIP() << "FILM_TEST_PYTHON is not set: run scripts/setup.sh --tests for the peers";
  const support::TempFolder temporary;
  std::string command = std::string(python) + " " + FILM_SOURCE_DIR + "/tests/golden/check_saved.py";
  for (const char* name : kCases) {
    const fs::path folder = folder_of(name), saved = temporary / name;
    const engine::ModelConfig config = engine::model_config_from_hugging_face(folder / "config.json");
    const model::ModelTensors weights = checkpoint::load_weights(folder, config, at::kFloat);
    checkpoint::save_weights(saved, config, model::ParameterList(config, weights), at::kFloat, "", 4000,
                             {},  // small shards: the index is read too
                             {.config = read_json(folder / "config.json")});
    EXPECT_GT(std::distance(fs::directory_iterator(saved), fs::directory_iterator()), 4);
    command += " " + saved.string() + " " + (folder / "expected.json").string();
  }
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace film::train
