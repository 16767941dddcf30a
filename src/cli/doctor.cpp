// film doctor: what this machine has for film, and what to do about what it lacks.
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

namespace film::cli {
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
    const text::Tokenizer tokenizer = text::Tokenizer::load(file);
    return {"tokenizer", State::ok,
            fmt::format("{} ({} pieces, {})", file, tokenizer.vocab_size(),
                        tokenizer.splits_at_newlines() ? "fast and exact" : "exact on the slow path"),
            ""};
  } catch (const Error& error) {
    return {"tokenizer", State::problem, error.what(), error.hint()};
  }
}

Finding torch_finding(const Json& torch) {
  return {"torch", State::ok,
          fmt::format("{} from {} ({}, {} threads)", torch.at("torch").get<std::string>(),
                      engine::torch_library_folder().string(), torch.at("cpu").get<std::string>(),
                      torch.at("threads").get<int>()),
          ""};
}

std::string version_text(int v) { return fmt::format("{}.{}", v / 1000, v % 1000 / 10); }

// Driver, card, its memory, and the libraries: the first that does not fit is named, with its remedy.
std::vector<Finding> card_findings(const Json& torch) {
  const Json& cuda = torch.at("cuda");
  const auto what = cuda.at("what").get<std::string>(), remedy = cuda.at("remedy").get<std::string>();
  if (cuda.at("driver_missing").get<bool>())
    return {{"GPU", State::note, what + ": film computes on the CPU", remedy}};
  if (!what.empty()) {
    // Without kernels in this build, a card that lies idle is no fault of the machine.
    const bool is_built = build_json().at("cuda") == "ON";
    return {{"GPU", is_built ? State::problem : State::note, what, remedy}};
  }
  const Json& card = torch.at("card");
  const double free = card.at("free").get<double>() / (1 << 30),
               all = card.at("memory").get<double>() / (1 << 30);
  const int nccl = card.at("nccl").get<int>();
  return {
      {"GPU", State::ok,
       fmt::format("{}, compute capability {}", card.at("name").get<std::string>(),
                   card.at("capability").get<std::string>()),
       ""},
      {"GPU memory", free < 0.9 * all ? State::note : State::ok,
       fmt::format("{:.1f} of {:.1f} GiB free", free, all),
       free < 0.9 * all ? "something else is running there: nvidia-smi says what" : ""},
      {"CUDA", State::ok,
       fmt::format("driver for {}, runtime {}, NCCL {}.{}.{}", version_text(card.at("driver").get<int>()),
                   version_text(card.at("runtime").get<int>()), nccl / 10000, nccl / 100 % 100, nccl % 100),
       ""}};
}

// Everything that the learning half knows; without it, why it does not open.
std::vector<Finding> learning_findings() {
  try {
    const Json torch = engine::library().describe();
    std::vector<Finding> findings = card_findings(torch);
    findings.insert(findings.begin(), torch_finding(torch));
    return findings;
  } catch (const Error& error) {
    return {{"torch", State::problem, error.what(), error.hint()}};
  }
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
    std::string text = fmt::format("{:<8} {:<14} {}\n", word(f.state), f.subject, f.found);
    if (!f.remedy.empty()) text += fmt::format("{:<8} {:<14} -> {}\n", "", "", f.remedy);
    std::fputs(text.c_str(), stdout);
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
    run = [options](const ProgramInfo&) {
      std::vector<Finding> findings = {machine_finding(), disk_finding(options->out),
                                       tokenizer_finding(options->tokenizer)};
      for (Finding& finding : learning_findings()) findings.push_back(std::move(finding));
      print(findings, options->json);
      for (const Finding& f : findings)
        if (f.state == State::problem)
          throw config_error("film doctor found a problem: " + f.subject, f.remedy);
    };
  });
}

}  // namespace film::cli
