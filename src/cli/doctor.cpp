// film doctor: what this machine has for film, and what to do about what it lacks.
#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <thread>

#include "film/base/error.h"
#include "film/cli/build.h"
#include "film/cli/verb.h"
#include "film/engine/engine.h"

namespace film {
namespace {

enum class State { ok, note, problem };

struct Finding {
  std::string subject;
  State state;
  std::string found;
  std::string remedy;  // empty when nothing is to be done
};

const char* word(State state) {
  return state == State::ok ? "ok" : state == State::note ? "note" : "problem";
}

Finding tokenizer_finding(const std::string& path) {
  const char* given = std::getenv("FILM_TOKENIZER");
  const std::string file = !path.empty() ? path : given != nullptr ? given : "";
  if (file.empty())
    return {"tokenizer", State::note, "none named",
            "name one with --tokenizer or FILM_TOKENIZER; scripts/setup.sh fetches Mistral's"};
  try {
    const Tokenizer tokenizer = Tokenizer::load(file);
    return {"tokenizer", State::ok,
            fmt::format("{} ({} pieces, {})", file, tokenizer.vocab_size(),
                        tokenizer.additive() ? "fast and exact" : "exact on the slow path"),
            ""};
  } catch (const Error& error) {
    return {"tokenizer", State::problem, error.what(), error.hint()};
  }
}

Finding torch_finding() {
  try {
    const Json torch = engine().describe();
    return {"torch", State::ok,
            fmt::format("{} from {} ({}, {} threads)", torch.at("torch").get<std::string>(),
                        torch_library_folder().string(), torch.at("cpu").get<std::string>(),
                        torch.at("threads").get<int>()),
            ""};
  } catch (const Error& error) {
    return {"torch", State::problem, error.what(), error.hint()};
  }
}

Finding driver_finding() {
  void* driver = ::dlopen("libcuda.so.1", RTLD_NOW);
  if (driver == nullptr)
    return {"NVIDIA driver", State::note, "none: film computes on the CPU",
            "install the driver to use a GPU"};
  int version = 0;
  using Query = int(int*);
  auto* query = reinterpret_cast<Query*>(::dlsym(driver, "cuDriverGetVersion"));
  if (query == nullptr || query(&version) != 0)
    return {"NVIDIA driver", State::problem, "present but does not answer", "reinstall the driver"};
  const std::string text = fmt::format("supports CUDA {}.{}", version / 1000, version % 1000 / 10);
  if (version < 13000)
    return {"NVIDIA driver", State::problem, text, "CUDA 13.0 or newer is needed: update the driver"};
  return {"NVIDIA driver", State::ok, text, ""};
}

Finding cuda_finding() {
  if (build_json().at("cuda") == "ON") return {"CUDA kernels", State::ok, "built in", ""};
  return {"CUDA kernels", State::note, "not in this build: training and generation run on the CPU", ""};
}

Finding disk_finding(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error)
    return {"disk", State::problem, folder.string() + ": " + error.message(), "choose another --out"};
  const double free = static_cast<double>(space.available) / (1 << 30);
  const fs::path probe = folder / ".film-doctor";
  try {
    write_file(probe, "written, synced and renamed");
    fs::remove(probe);
  } catch (const Error& failure) {
    return {"disk", State::problem, failure.what(), failure.hint()};
  }
  const std::string text =
      fmt::format("{:.0f} GiB free in {}, writable", free, fs::absolute(folder).string());
  if (free < 5) return {"disk", State::note, text, "a 7B checkpoint with training state takes about 87 GiB"};
  return {"disk", State::ok, text, ""};
}

Finding machine_finding() {
  const double memory = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                        static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 30);
  return {"machine", State::ok,
          fmt::format("{} cores, {:.0f} GiB of memory", std::thread::hardware_concurrency(), memory), ""};
}

void print(const std::vector<Finding>& findings, bool json) {
  if (json) {
    Json list = Json::array();
    for (const Finding& f : findings)
      list.push_back(
          {{"subject", f.subject}, {"state", word(f.state)}, {"found", f.found}, {"remedy", f.remedy}});
    std::fputs(to_pretty({{"film", build_json()}, {"findings", list}}).c_str(), stdout);
    return;
  }
  for (const Finding& f : findings) {
    fmt::print("{:<8} {:<14} {}\n", word(f.state), f.subject, f.found);
    if (!f.remedy.empty()) fmt::print("{:<8} {:<14} -> {}\n", "", "", f.remedy);
  }
}

}  // namespace

void add_doctor(CLI::App& app, Run& run) {
  auto* verb =
      app.add_subcommand("doctor", "What this machine has for film, and what to do about what it lacks");
  struct Options {
    std::string tokenizer;
    fs::path out = ".";
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  verb->add_option("--tokenizer", options->tokenizer,
                   "SentencePiece .model to check (default: FILM_TOKENIZER)");
  verb->add_option("--out", options->out, "Folder to be written to");
  verb->add_flag("--json", options->json, "Findings as JSON");
  verb->callback([options, &run] {
    run = [options] {
      const std::vector<Finding> findings = {machine_finding(),
                                             disk_finding(options->out),
                                             tokenizer_finding(options->tokenizer),
                                             torch_finding(),
                                             cuda_finding(),
                                             driver_finding()};
      print(findings, options->json);
      for (const Finding& f : findings)
        if (f.state == State::problem)
          throw config_error("film doctor found a problem: " + f.subject, f.remedy);
    };
  });
}

}  // namespace film
