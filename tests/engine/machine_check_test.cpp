#include "film/engine/machine_check.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace film::engine {
namespace {

using State = Finding::State;

const Finding* find(const std::vector<Finding>& findings, const std::string& subject) {
  const auto found = std::ranges::find(findings, subject, &Finding::subject);
  return found == findings.end() ? nullptr : &*found;
}

EngineInfo info() { return {.torch = "2.11.0", .threads = 4, .cpu_capability = "AVX2"}; }

TEST(EngineFindings, AGpuWithItsMemoryAndVersions) {
  EngineInfo with = info();
  with.gpu = GpuInfo{.name = "NVIDIA H100",
                     .capability = "9.0",
                     .driver = 13010,
                     .runtime = 13000,
                     .nccl = 22809,
                     .memory = 80ull << 30,
                     .free = 79ull << 30};
  auto findings = engine_findings(with, true);
  EXPECT_EQ(find(findings, "GPU")->found, "NVIDIA H100, compute capability 9.0");
  EXPECT_EQ(find(findings, "GPU memory")->found, "79.0 of 80.0 GiB free");
  EXPECT_EQ(find(findings, "CUDA")->found, "driver for 13.1, runtime 13.0, NCCL 2.28.9");
  for (const Finding& finding : findings) EXPECT_EQ(finding.state, State::ok) << finding.subject;
  with.gpu->free = 10ull << 30;
  findings = engine_findings(with, true);
  EXPECT_EQ(find(findings, "GPU memory")->state, State::note);
  EXPECT_NE(find(findings, "GPU memory")->remedy, "");
}

TEST(EngineFindings, WithoutAGpu) {
  EngineInfo without = info();
  without.gpu_problem = "no NVIDIA driver";
  without.gpu_remedy = "install one";
  without.driver_missing = true;
  EXPECT_EQ(find(engine_findings(without, true), "GPU")->state, State::note);
  without.driver_missing = false;
  EXPECT_EQ(find(engine_findings(without, true), "GPU")->state, State::problem);
  EXPECT_EQ(find(engine_findings(without, false), "GPU")->state, State::note) << "a build without kernels";
}

TEST(CheckMachine, WhatIsWrongIsAFinding) {
  const fs::path folder = fs::temp_directory_path() / ("film_doctor_" + std::to_string(::getpid()));
  make_folder(folder);
  write_file(folder / "not.model", "no tokenizer");
  auto findings = check_machine(folder, (folder / "not.model").string());
  ASSERT_NE(find(findings, "tokenizer"), nullptr);
  EXPECT_EQ(find(findings, "tokenizer")->state, State::problem);
  EXPECT_EQ(find(findings, "disk")->state == State::problem, false);
  EXPECT_FALSE(fs::exists(folder / ".film-doctor"));
  findings = check_machine(folder / "nowhere", "");
  EXPECT_EQ(find(findings, "disk")->state, State::problem);
  EXPECT_NE(find(findings, "torch"), nullptr) << "the Torch library, or why it does not open";
  EXPECT_NE(find(findings, "machine"), nullptr);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace film::engine
