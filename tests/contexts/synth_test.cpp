// film synth as a whole.
#include "film/contexts/synth.h"

#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/error.h"
#include "film/contexts/summary.h"

namespace film::contexts {
namespace {

using support::code_of;
using support::hashes;
using support::plant;
using support::SynthCase;
using testing::HasSubstr;

TEST(Synth, ThreadsDoNotChangeABit) {
  SynthCase c;
  plant(c.settings);
  c.settings.contexts.kinds = {110, 30, 15};
  c.run("one");
  c.settings.threads = 4;
  c.run("four");
  EXPECT_EQ(hashes(c.folder / "one"), hashes(c.folder / "four"));
  c.settings.seed = 2;
  c.run("other");
  EXPECT_NE(hashes(c.folder / "one"), hashes(c.folder / "other"));
}

TEST(Synth, FinishedFoldersAreLeftAloneAndOthersRefused) {
  SynthCase c;
  c.run("data");
  const fs::path file = c.folder / "data/contexts/part-00000.jsonl";
  const auto before = fs::last_write_time(file);
  c.settings.threads = 3;  // free to change
  c.run("data");
  EXPECT_EQ(fs::last_write_time(file), before);
  c.settings.seed = 9;
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
  c.settings.seed = 1;
  EXPECT_EQ(code_of([&] { c.run("data", 50); }), ExitCode::config);
  write_file(c.settings.corpus.inputs[0], "{\"text\":\"another corpus\"}\n");
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
}

TEST(Synth, ARunThatWasKilledIsDoneAgainWithTheSameBytes) {
  SynthCase c;
  c.run("whole");
  c.run("killed");
  // As a kill leaves it: no manifest, some files, some half-written ones.
  fs::remove(c.folder / "killed/manifest.json");
  fs::remove(c.folder / "killed/segments/part-00001.tokens");
  write_file(c.folder / "killed/segments/part-00001.tokens.part", "half");
  c.run("killed");
  EXPECT_EQ(hashes(c.folder / "killed"), hashes(c.folder / "whole"));
}

// The same command again, with --out inside the inputs: finished it does nothing, stopped it goes on.
TEST(Synth, OutputMayBeInsideTheInputs) {
  SynthCase c;
  c.settings.corpus.inputs = {c.folder.path().string()};
  c.run("data");
  c.run("deeper/data");  // the first is no input of the second
  EXPECT_EQ(hashes(c.folder / "data"), hashes(c.folder / "deeper/data"));
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::ok);
  fs::remove(c.folder / "data/manifest.json");
  c.run("data");
  EXPECT_EQ(hashes(c.folder / "data"), hashes(c.folder / "deeper/data"));
  for (const char* same : {"", ".", "deeper/.."})
    EXPECT_THAT(support::failure_of([&] { c.run(same); }),
                testing::AllOf(HasSubstr("78 --out "), HasSubstr("is the folder of the inputs")))
        << same;
}

TEST(Synth, ATryThatFailsBindsNobodyToItsSettings) {
  SynthCase c;
  c.settings.contexts.target = {400, 10'000'000};
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
  c.settings.contexts.target = {400, 1600};
  c.settings.seed = 5;
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::ok);
}

TEST(Synth, LimitMakesASmallOne) {
  SynthCase c;
  c.settings.contexts.validation = c.settings.contexts.test = 0;
  EXPECT_EQ(c.run("data", 100).corpus.all.documents, 100u);
}

TEST(Synth, SummaryShowsWhatTheManifestHolds) {
  SynthCase c;
  const std::string text = synth_summary(c.run("data"));
  EXPECT_THAT(text, HasSubstr("validation"));
  EXPECT_THAT(text, HasSubstr("Context lengths"));
  EXPECT_THAT(text, HasSubstr("chi-square"));
}

}  // namespace
}  // namespace film::contexts
