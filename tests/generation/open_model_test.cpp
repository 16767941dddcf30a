// A model folder in both types, and a device that is not there.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/checkpoint/hugging_face.h"
#include "film/engine/model_config.h"
#include "film/generation/cached_model.h"
#include "film/kernels/device.h"

namespace film::generation {
namespace {

engine::ModelOptions options() { return {.folder = fs::path(FILM_TEST_DATA) / "parity/v02"}; }

std::vector<double> rated(engine::LanguageModel& model) {
  std::vector<engine::Prompt> prompts;
  std::vector<text::TokenIds> continuations;
  for (text::TokenId id = 3; id < 35; ++id) {
    prompts.push_back({{}, {1, 40, 50, 60}, 0});
    continuations.push_back({id, 7});
  }
  return model.log_likelihood(prompts, continuations);
}

TEST(OpenModel, Bfloat16IsNearFloat32) {
  const auto exact = open_model(options());
  engine::ModelOptions half = options();
  half.precision = engine::Precision::bfloat16;
  const auto rough = open_model(half);
  EXPECT_TRUE(exact->describe().ends_with(", fp32 on CPU")) << exact->describe();
  EXPECT_TRUE(rough->describe().ends_with(", bf16 on CPU")) << rough->describe();
  const std::vector<double> a = rated(*exact), b = rated(*rough);
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  EXPECT_GT(largest, 0);
  EXPECT_LT(largest, 0.1);
}

// The trained window made longer: positions far apart see each other otherwise, and longer prompts fit.
TEST(OpenModel, YarnMakesTheWindowLonger) {
  engine::ModelOptions longer = options();
  longer.yarn_factor = 4;
  const auto plain = open_model(options()), scaled = open_model(longer);
  EXPECT_EQ(scaled->max_tokens(), 4 * plain->max_tokens());
  EXPECT_NE(rated(*plain), rated(*scaled));
  longer.yarn_factor = 1;
  EXPECT_EQ(rated(*plain), rated(*open_model(longer)));
}

// Rows of a padded vocabulary have no piece: no id of theirs is ever made.
TEST(OpenModel, IdsWithoutAPieceAreNeverMade) {
  const auto model = open_model(options());
  std::vector<engine::Prompt> prompts;
  for (text::TokenId id = 3; id < 15; ++id) prompts.push_back({{}, {1, id}, static_cast<std::uint64_t>(id)});
  const auto largest = [&](std::int64_t vocabulary, double temperature) {
    engine::Decoding decoding{.max_new_tokens = 12, .sampling = {.temperature = temperature, .seed = 5}};
    decoding.vocabulary = vocabulary;
    text::TokenId most = 0;
    for (const engine::Completion& completion : model->generate(prompts, decoding))
      for (const text::TokenId id : completion.ids) most = std::max(most, id);
    return most;
  };
  for (const double temperature : {0.0, 1.0, 5.0}) {
    EXPECT_LT(largest(23, temperature), 23);
    EXPECT_GE(largest(0, temperature), 23) << "else the test shows nothing";
    EXPECT_EQ(largest(61, temperature), largest(0, temperature));
    EXPECT_EQ(largest(999, temperature), largest(0, temperature));
  }
}

// A copy of the model folder, for damage.
class ModelFolderTest : public ::testing::Test {
 protected:
  ModelFolderTest() { fs::copy(options().folder, folder_.path(), fs::copy_options::recursive); }
  engine::ModelOptions damaged() const { return {.folder = folder_.path()}; }
  std::string failure() const {
    return support::failure_of([&] { static_cast<void>(rated(*open_model(damaged()))); });
  }
  // All weights again, changed by `change`.
  template <class Change>
  void rewrite(const Change& change) const {
    const engine::ModelConfig config = engine::model_config_from_hugging_face(folder_ / "config.json");
    model::ModelTensors weights = checkpoint::load_weights(options().folder, config, at::kFloat);
    change(weights);
    checkpoint::NamedTensors tensors;  // film's own writer saves no such numbers
    model::for_each_parameter(weights, config,
                              [&](const std::string& name, const at::Tensor& view, model::ParameterKind) {
                                tensors.emplace_back(name, view.contiguous());
                              });
    checkpoint::write_safetensors(folder_ / "model.safetensors", tensors);
  }
  support::TempFolder folder_;
};

TEST_F(ModelFolderTest, EveryEndIdOfTheFolderEndsAnAnswer) {
  const std::vector<engine::Prompt> prompts = {{{}, {1, 40, 50}, 0}};
  const auto made = [&] { return open_model(damaged())->generate(prompts, {.max_new_tokens = 12})[0]; };
  folder_.put("generation_config.json", R"({"eos_token_id": null})");  // then config.json's
  const text::TokenIds whole = made().ids;
  ASSERT_EQ(whole.size(), 12u) << "else the test shows nothing";
  const auto id = [](text::TokenId number) { return std::to_string(number); };
  const struct {
    std::string ids;
    text::TokenIds ends;
  } cases[] = {{id(whole[5]), {whole[5]}},
               {"[60, " + id(whole[7]) + ", " + id(whole[3]) + "]", {60, whole[7], whole[3]}},
               {"[]", {}},
               {"[" + id(whole[11]) + "]", {whole[11]}}};
  for (const auto& c : cases) {
    folder_.put("generation_config.json", R"({"eos_token_id": )" + c.ids + "}");
    const auto end = std::ranges::find_first_of(whole, c.ends);
    const engine::Completion completion = made();
    EXPECT_EQ(completion.ids, text::TokenIds(whole.begin(), end)) << c.ids;
    EXPECT_EQ(completion.end == engine::Completion::End::stop, end != whole.end()) << c.ids;
  }
  for (const char* bad : {"\"</s>\"", "[2, null]", "-1", "2.5", "{}"}) {
    folder_.put("generation_config.json", std::string(R"({"eos_token_id": )") + bad + "}");
    const std::string said = support::failure_of([&] { made(); });
    EXPECT_TRUE(said.starts_with("65 ")) << bad << ": " << said;
    EXPECT_NE(said.find("eos_token_id"), std::string::npos) << said;
  }
}

TEST_F(ModelFolderTest, AModelLargerThanMemoryIsNotOpened) {
  engine::ModelOptions small = damaged();
  small.memory_limit = 1 << 20;
  const std::string said = support::failure_of([&] { open_model(small); });
  EXPECT_TRUE(said.starts_with("78 asking this model needs ")) << said;
}

TEST_F(ModelFolderTest, AWholeFileWinsOverAnIndex) {
  const std::vector<double> expected = rated(*open_model(damaged()));
  folder_.put("model.safetensors.index.json",
              R"({"weight_map": {"lm_head.weight": "model-00001-of-00002.safetensors"}})");
  EXPECT_EQ(rated(*open_model(damaged())), expected);
}

TEST_F(ModelFolderTest, WeightsThatAreNotFiniteAreNoAnswers) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    rewrite([&](model::ModelTensors& weights) { weights.embedding_VD.select(0, 40).fill_(bad); });
    const std::string said = failure();
    EXPECT_TRUE(said.starts_with("65 ")) << said;
    EXPECT_NE(said.find("not finite"), std::string::npos) << said;
  }
}

TEST_F(ModelFolderTest, AMissingHeadSpeaksOfTying) {
  Json config = read_json(folder_ / "config.json");
  ASSERT_FALSE(config["tie_word_embeddings"].get<bool>());
  config["tie_word_embeddings"] = true;
  write_file(folder_ / "config.json", to_pretty(config));
  rewrite([](model::ModelTensors&) {});  // without a head
  config["tie_word_embeddings"] = false;
  write_file(folder_ / "config.json", to_pretty(config));
  const std::string said = failure();
  EXPECT_TRUE(said.starts_with("65 ")) << said;
  EXPECT_NE(said.find("tie_word_embeddings"), std::string::npos) << said;
}

TEST(OpenModel, AMissingGpuIsAnErrorOrTheCpu) {
  if (kernels::open_cuda().usable()) GTEST_SKIP() << "this machine has a GPU";
  engine::ModelOptions on_gpu = options();
  on_gpu.device = engine::DeviceChoice::automatic;
  EXPECT_TRUE(open_model(on_gpu)->describe().ends_with("on CPU"));
  on_gpu.device = engine::DeviceChoice::cuda;
  try {
    open_model(on_gpu);
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("device=cuda"), std::string::npos) << error.what();
    EXPECT_NE(error.hint(), "");
  }
}

}  // namespace
}  // namespace film::generation
