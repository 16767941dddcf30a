#include "film/scores/runner.h"

#include <gtest/gtest.h>

#include <fstream>

#include "fakes.h"
#include "film/base/error.h"
#include "film/scores/summary.h"

namespace film::scores {
namespace {

using testing::FakeAnswerer;
using testing::made_probe;

class RunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("film_runner_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    make_folder(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  RunOptions options(std::uint32_t per_call = 3) {
    RunOptions o;
    o.folder = folder_;
    o.questions_per_call = per_call;
    return o;
  }
  fs::path folder_;
};

std::string right(const ProbeItem& item) { return item.expected[0]; }
std::string right_at_the_ends(const ProbeItem& item) {
  return item.slot < item.slots / 5 || item.slot >= item.slots - item.slots / 5 ? item.expected[0]
                                                                                : "no idea";
}

TEST_F(RunnerTest, PerfectWrongAndLostInTheMiddle) {
  const Probe probe = made_probe(2, 20);
  const auto score_of = [&](const std::string& label, auto reply) {
    FakeAnswerer model(reply);
    RunOptions o = options();
    o.label = label;
    return summarise(probe, run_probe(probe, model, o), ProbeSettings());
  };
  const Score perfect = score_of("perfect", right),
              wrong = score_of("wrong", [](const ProbeItem&) { return "x"; });
  const Score ends = score_of("ends", right_at_the_ends);
  EXPECT_EQ(perfect.average, 100);
  EXPECT_EQ(perfect.gap, 0);
  EXPECT_EQ(wrong.average, 0);
  EXPECT_EQ(ends.average, 40);
  EXPECT_EQ(ends.gap, 100);
  EXPECT_EQ(ends.positions[0].mean, 100);
  EXPECT_EQ(ends.positions[4].mean, 0);
  EXPECT_EQ(ends.positions[9].mean, 100);
  EXPECT_TRUE(fs::exists(folder_ / "predictions" / "made.ends.jsonl"));
}

TEST_F(RunnerTest, SameBytesAfterACrashAtEveryCall) {
  const Probe probe = made_probe(2, 7);
  FakeAnswerer whole(right_at_the_ends);
  run_probe(probe, whole, options());
  const fs::path path = predictions_path(options(), "made");
  const std::string expected = read_file(path);
  ASSERT_EQ(whole.calls, 6);
  for (int crash = 0; crash < whole.calls; ++crash) {
    fs::remove(path);
    FakeAnswerer model(right_at_the_ends);
    model.fail_at = crash;
    EXPECT_THROW(run_probe(probe, model, options()), std::runtime_error);
    std::ofstream(path, std::ios::app) << "{\"task\":\"ma";  // a torn tail on top
    run_probe(probe, model, options());
    EXPECT_EQ(read_file(path), expected) << "crash before call " << crash;
    EXPECT_EQ(model.asked, 14) << "no question is asked twice";
  }
}

TEST_F(RunnerTest, AFinishedProbeAsksNothing) {
  const Probe probe = made_probe(1, 5);
  FakeAnswerer first(right), second(right);
  run_probe(probe, first, options());
  const auto again = run_probe(probe, second, options());
  EXPECT_EQ(second.calls, 0);
  EXPECT_EQ(again.size(), 5u);
  EXPECT_EQ(read_predictions(probe, predictions_path(options(), "made")).size(), 5u);
}

TEST_F(RunnerTest, ScoresAreComputedAnewFromOutputs) {
  Probe probe = made_probe(1, 5);
  FakeAnswerer model([](const ProbeItem& item) { return "It is " + item.expected[0]; });
  EXPECT_EQ(summarise(probe, run_probe(probe, model, options()), ProbeSettings()).average, 0);
  probe.metric = "contains answer";
  EXPECT_EQ(summarise(probe, run_probe(probe, model, options()), ProbeSettings()).average, 100);
  EXPECT_EQ(model.calls, 2);
}

TEST_F(RunnerTest, LimitStopsEarlyAndGoesOnLater) {
  const Probe probe = made_probe(3, 4);
  FakeAnswerer model(right);
  RunOptions o = options();
  o.limit = 6;
  EXPECT_EQ(run_probe(probe, model, o).size(), 6u);
  EXPECT_EQ(model.asked, 6);
  o.limit = 0;
  EXPECT_EQ(run_probe(probe, model, o).size(), 12u);
  EXPECT_EQ(model.asked, 12);
}

TEST_F(RunnerTest, TheFinishedFileIsInItemOrderWhateverTheOrderOfAnswers) {
  const Probe probe = made_probe(1, 3);
  FakeAnswerer model(right);
  run_probe(probe, model, options());
  const fs::path path = predictions_path(options(), "made");
  const std::string whole = read_file(path);
  const std::size_t second = whole.find('\n') + 1, third = whole.find('\n', second) + 1;
  write_file(path, whole.substr(third) + whole.substr(0, second));  // third, first
  run_probe(probe, model, options());
  EXPECT_EQ(read_file(path), whole);
  EXPECT_EQ(model.asked, 4);
}

TEST_F(RunnerTest, AnotherProbesFileIsRefused) {
  FakeAnswerer model(right);
  run_probe(made_probe(1, 5), model, options());
  try {
    run_probe(made_probe(1, 4), model, options());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
  }
}

TEST_F(RunnerTest, OutputsThatAreNotUtf8ScoreTheSameAfterARestart) {
  const Probe probe = made_probe(1, 1);
  FakeAnswerer model([](const ProbeItem&) { return std::string("word 0\xff"); });
  const auto first = run_probe(probe, model, options()), second = run_probe(probe, model, options());
  EXPECT_EQ(first[0].output, second[0].output);
  EXPECT_EQ(first[0].score, second[0].score);
}

TEST_F(RunnerTest, ALabelIsNoPath) {
  FakeAnswerer model(right);
  RunOptions o = options();
  o.label = "../evil";
  EXPECT_THROW(run_probe(made_probe(1, 1), model, o), Error);
}

}  // namespace
}  // namespace film::scores
