// Batch scripts: those of the checkout are those of the defaults, and a value cannot end a line.
#include "film/jobs/slurm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/failure.h"

namespace film::jobs {
namespace {

using ::testing::HasSubstr;

TEST(SlurmScripts, ThoseOfTheCheckoutAreTheDefaults) {
  for (const JobScript& script : slurm_scripts({}))
    EXPECT_EQ(read_file(fs::path(FILM_SOURCE_DIR) / "scripts/slurm" / script.name), script.text)
        << "write them again: film slurm-script --out scripts/slurm";
}

TEST(SlurmScripts, SeveralCommandsMakeAnArray) {
  SlurmSettings settings;
  settings.synth.commands.clear();
  settings.qa.commands.clear();
  settings.train.commands.clear();
  settings.eval.commands = {"eval a --out x", "eval b --set 'tasks=[\"in2\"]' --out y", "eval c --out z"};
  settings.eval.partition = "gpu";
  settings.eval.options = {"--constraint=h100"};
  const auto scripts = slurm_scripts(settings);
  ASSERT_EQ(scripts.size(), 1u);
  for (const char* line :
       {"#SBATCH --array=0-2\n", "#SBATCH --partition=gpu\n", "#SBATCH --constraint=h100\n",
        "  1) arguments=(eval b --set 'tasks=[\"in2\"]' --out y) ;;\n"})
    EXPECT_THAT(scripts[0].text, HasSubstr(line));
}

TEST(SlurmScripts, ShardsOfSynthAreAnArrayAndAJobThatJoins) {
  SlurmSettings settings;
  settings.shards = 7;
  settings.synth.commands = {"synth --config my.json --out d"};
  const auto scripts = slurm_scripts(settings);
  ASSERT_EQ(scripts.size(), 5u);
  EXPECT_EQ(scripts[0].name, "synth.sbatch");
  EXPECT_THAT(scripts[0].text, HasSubstr("#SBATCH --array=0-6\n"));
  EXPECT_THAT(
      scripts[0].text,
      HasSubstr("arguments=(synth --config my.json --out d --shard $((SLURM_ARRAY_TASK_ID + 1))/7)\n"));
  EXPECT_EQ(scripts[1].name, "synth-join.sbatch");
  EXPECT_THAT(scripts[1].text, HasSubstr("arguments=(synth --config my.json --out d)\n"));
  EXPECT_THAT(scripts[1].text, ::testing::Not(HasSubstr("--array")));
}

TEST(SlurmScripts, ValuesThatAreNoneAreRefused) {
  const std::vector<std::pair<const char*, std::function<void(SlurmSettings&)>>> wrong = {
      {"train.partition", [](SlurmSettings& s) { s.train.partition = "gpu\n#SBATCH --uid=0"; }},
      {"qa.commands", [](SlurmSettings& s) { s.qa.commands = {"qa data\rrm x"}; }},
      {"setup", [](SlurmSettings& s) { s.setup = {"module load a\nmodule load b"}; }},
      {"eval.time", [](SlurmSettings& s) { s.eval.time = "two hours"; }},
      {"synth.time", [](SlurmSettings& s) { s.synth.time = ""; }},
      {"synth.options", [](SlurmSettings& s) { s.synth.options = {"constraint=h100"}; }},
      {"shards is 3, but synth has 2",
       [](SlurmSettings& s) {
         s.shards = 3;
         s.synth.commands = {"synth a", "synth b"};
       }},
      {"no stage has commands", [](SlurmSettings& s) {
         for (JobSettings* job : {&s.synth, &s.qa, &s.train, &s.eval}) job->commands.clear();
       }}};
  for (const auto& [words, change] : wrong) {
    SlurmSettings settings;
    change(settings);
    const Error error = support::error_of([&] { slurm_scripts(settings); });
    EXPECT_EQ(error.code(), ExitCode::config) << words;
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

}  // namespace
}  // namespace film::jobs
