#pragma once
// What this machine has for film, and what to do about what it lacks: the findings of `film doctor`.
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/files.h"
#include "film/engine/results.h"

namespace film::engine {

struct Finding {
  enum class State { ok, note, problem };
  std::string subject = {};
  State state = State::ok;
  std::string found = {};
  std::string remedy = {};  // empty when nothing is to be done
};
constexpr auto enum_names(Finding::State) {
  return std::array{EnumName{Finding::State::ok, "ok"}, EnumName{Finding::State::note, "note"},
                    EnumName{Finding::State::problem, "problem"}};
}

// Cores and memory, the folder `out`, the tokenizer, Torch and the GPU. tokenizer: a SentencePiece .model file; empty:
// FILM_TOKENIZER of the environment.
std::vector<Finding> check_machine(const fs::path& out, const std::string& tokenizer);

// Of Torch and the GPU. cuda_built: this build has kernels for GPUs; without them an idle GPU is no problem.
std::vector<Finding> engine_findings(const EngineInfo& info, bool cuda_built);

}  // namespace film::engine
