// `film train` around the library: what is refused before it is opened, and a finished run.
#include "film/engine/training.h"

#include <gtest/gtest.h>

#include "film/base/output_folder.h"

namespace film::engine {
namespace {

class Training : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("film_training_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    make_folder(folder_);
    write_file(folder_ / "tokenizer.model", "bytes");
    request_.settings.tokenizer = (folder_ / "tokenizer.model").string();
    request_.settings.stages[0].data = {(folder_ / "data").string()};
    request_.settings.describe(fields_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  OutputRequest out() const { return {.path = folder_ / "run", .command = "train", .fields = fields_}; }

  // A run folder whose manifest holds these facts.
  void finish(const Json& facts) {
    OutputFolder run(out());
    run.bind_inputs({{"limit", 0}, {"tokenizer", sha256_file(request_.settings.tokenizer)}});
    run.finish({}, facts);
  }

  fs::path folder_;
  TrainRequest request_;
  Fields fields_;
};

TEST_F(Training, AFinishedRunIsLeftAsItIs) {
  TrainFacts facts;
  facts.steps = 3;
  facts.final_checkpoint = "checkpoints/step-3";
  finish(to_json(facts));
  const TrainFacts found = train(request_, out());
  EXPECT_EQ(found.steps, 3);
  EXPECT_EQ(found.final_checkpoint, "checkpoints/step-3");
}

TEST_F(Training, ADamagedManifestIsBadDataWithTheKeysName) {
  Json facts = to_json(TrainFacts{});
  facts.erase("final_checkpoint");
  finish(facts);
  try {
    train(request_, out());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data) << error.what();
    EXPECT_NE(std::string(error.what()).find("final_checkpoint"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("manifest.json"), std::string::npos) << error.what();
  }
}

TEST_F(Training, NeedsAFolder) {
  try {
    train(request_, {.path = {}, .command = "train", .fields = fields_});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
  }
}

}  // namespace
}  // namespace film::engine
