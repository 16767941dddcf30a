// Rules over several fields of the settings of `film train`, and their words.
#include "film/engine/train_settings.h"

#include <gtest/gtest.h>

#include "film/base/error.h"

namespace film::engine {
namespace {

TrainSettings valid() {
  TrainSettings settings;
  settings.tokenizer = "tokenizer.model";
  settings.stages[0].data = {"DATA"};
  return settings;
}

// Once, weights saved as bf16 without state let the check through.
TEST(TrainSettings, MaxTokensIsHeldAgainstTheModelWhateverIsSaved) {
  for (const Precision save_type : {Precision::float32, Precision::bfloat16})
    for (const bool save_state : {true, false}) {
      TrainSettings settings = valid();
      settings.save_type = save_type;
      settings.save_state = save_state;
      EXPECT_NO_THROW(settings.check());
      settings.max_tokens = 999999;
      EXPECT_THROW(settings.check(), Error) << name_of(save_type) << save_state;
      settings.model_folder = "MODEL";  // its own config.json says how much it reads
      EXPECT_NO_THROW(settings.check());
    }
}

TEST(TrainSettings, WordsAreParsedOnce) {
  TrainSettings settings;
  const Fields fields =
      resolve(settings, std::nullopt,
              {"precision=bfloat16", "memory.offload=disk", "memory.activation_checkpointing=full",
               "device=cpu", "save_type=bfloat16", "loss_weighting=token", "init.head=copy",
               R"(stages=[{"data":["D"],"context":"evidence","schedule":{"decay":"constant"}}])"});
  EXPECT_EQ(settings.precision, Precision::bfloat16);
  EXPECT_EQ(settings.memory.offload, Offload::disk);
  EXPECT_EQ(settings.memory.activation_checkpointing, ActivationCheckpointing::full);
  EXPECT_EQ(settings.device, DeviceChoice::cpu);
  EXPECT_EQ(settings.save_type, Precision::bfloat16);
  EXPECT_EQ(settings.loss_weighting, LossWeighting::token);
  EXPECT_EQ(settings.init.head, HeadInit::copy);
  EXPECT_EQ(settings.stages.at(0).context, ContextPart::evidence);
  EXPECT_EQ(settings.stages.at(0).schedule.decay, Decay::constant);
  EXPECT_EQ(fields.dump().at("memory").at("offload"), "disk");
  TrainSettings other;
  EXPECT_THROW(resolve(other, std::nullopt, {"memory.offload=host"}), Error);
  EXPECT_THROW(resolve(other, std::nullopt, {"precision=float16"}), Error);
}

}  // namespace
}  // namespace film::engine
