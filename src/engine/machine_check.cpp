#include "film/engine/machine_check.h"

#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "film/base/error.h"
#include "film/base/machine.h"
#include "film/engine/engine.h"
#include "film/text/tokenizer.h"
#include "film_build_info.h"

namespace film::engine {
namespace {

using State = Finding::State;

constexpr double kCheckpointGiB = 87;  // of Mistral-7B with training state
constexpr double kLittleGiB = 5;       // of free disk space: worth a note

double in_gibibytes(std::uintmax_t bytes) { return static_cast<double>(bytes) / (1 << 30); }

Finding problem(const std::string& subject, const Error& error) {
  return {subject, State::problem, error.what(), error.hint()};
}

using Findings = std::vector<Finding>;

// Adds what `check` finds; an Error is what it found. The one place where checks and exceptions meet.
template <class Check>
void add(Findings& findings, const std::string& subject, const Check& check) {
  try {
    for (Finding& finding : check()) findings.push_back(std::move(finding));
  } catch (const Error& error) {
    findings.push_back(problem(subject, error));
  }
}

Findings machine_findings() {
  const int cores = usable_cores(), all = static_cast<int>(std::thread::hardware_concurrency());
  const std::string of_all = cores < all ? fmt::format(" of {}", all) : "";
  return {{"machine", State::ok,
           fmt::format("{}{} cores, {:.0f} GiB of memory", cores, of_all, in_gibibytes(total_memory())), ""}};
}

Findings disk_findings(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error)
    return {{"disk", State::problem, folder.string() + ": " + error.message(), "choose another --out"}};
  const fs::path probe = folder / ".film-doctor";
  write_file(probe, "written, synced and renamed");
  fs::remove(probe);
  const double free = in_gibibytes(space.available);
  const std::string text =
      fmt::format("{:.0f} GiB free in {}, writable", free, fs::absolute(folder).string());
  if (free < kLittleGiB)
    return {{"disk", State::note, text,
             fmt::format("a 7B checkpoint with training state takes about {:.0f} GiB", kCheckpointGiB)}};
  return {{"disk", State::ok, text, ""}};
}

Findings tokenizer_findings(const std::string& file) {
  if (file.empty())
    return {{"tokenizer", State::note, "none named",
             "name one with --tokenizer or FILM_TOKENIZER; scripts/setup.sh fetches Mistral's"}};
  const auto tokenizer = text::Tokenizer::load(file);
  return {{"tokenizer", State::ok,
           fmt::format("{} ({} pieces, {})", file, tokenizer.vocab_size(),
                       tokenizer.splits_at_newlines() ? "fast and exact" : "exact on the slow path"),
           ""}};
}

std::string cuda_version(int number) { return fmt::format("{}.{}", number / 1000, number % 1000 / 10); }

std::string nccl_version(int number) {
  return fmt::format("{}.{}.{}", number / 10000, number / 100 % 100, number % 100);
}

Findings gpu_findings(const GpuInfo& gpu) {
  const bool is_shared = in_gibibytes(gpu.free) < 0.9 * in_gibibytes(gpu.memory);
  return {{"GPU", State::ok, fmt::format("{}, compute capability {}", gpu.name, gpu.capability), ""},
          {"GPU memory", is_shared ? State::note : State::ok,
           fmt::format("{:.1f} of {:.1f} GiB free", in_gibibytes(gpu.free), in_gibibytes(gpu.memory)),
           is_shared ? "another program is using the GPU: nvidia-smi shows which" : ""},
          {"CUDA", State::ok,
           fmt::format("driver for {}, runtime {}, NCCL {}", cuda_version(gpu.driver),
                       cuda_version(gpu.runtime), nccl_version(gpu.nccl)),
           ""}};
}

}  // namespace

std::vector<Finding> engine_findings(const EngineInfo& info, bool cuda_built) {
  std::vector<Finding> findings = {
      {"torch", State::ok,
       fmt::format("{} from {} ({}, {} threads)", info.torch, torch_library_folder().string(),
                   info.cpu_capability, info.threads),
       ""}};
  if (info.gpu) {
    for (Finding& finding : gpu_findings(*info.gpu)) findings.push_back(std::move(finding));
  } else if (info.driver_missing) {
    findings.push_back(
        {"GPU", State::note, info.gpu_problem + ": film computes on the CPU", info.gpu_remedy});
  } else {
    findings.push_back({"GPU", cuda_built ? State::problem : State::note, info.gpu_problem, info.gpu_remedy});
  }
  return findings;
}

std::vector<Finding> check_machine(const fs::path& out, const std::string& tokenizer) {
  const char* variable = std::getenv("FILM_TOKENIZER");
  const std::string file = !tokenizer.empty() || variable == nullptr ? tokenizer : variable;
  Findings findings = machine_findings();
  add(findings, "disk", [&] { return disk_findings(out); });
  add(findings, "tokenizer", [&] { return tokenizer_findings(file); });
  const LibraryAccess& access = find_library();
  if (access.failure) {
    findings.push_back(problem("torch", *access.failure));
    return findings;
  }
  const bool cuda_built = std::string(build_info::kCuda) == "ON";
  add(findings, "torch", [&] { return engine_findings(access.library->describe(), cuda_built); });
  return findings;
}

}  // namespace film::engine
