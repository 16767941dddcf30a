#pragma once
// The thirteen tasks of RULER (arXiv 2404.06654, appendix B).
#include <functional>
#include <memory>
#include <span>

#include "film/benchmarks/settings.h"
#include "film/text/tokenizer.h"
#include "sample.h"

namespace film::benchmarks {

// Inputs of the makers, read when the first task needs them.
class RulerMaterial;

struct RulerTask {
  const char* name;
  int max_new_tokens;
  std::vector<const char*> needs;  // settings of files, of the group ruler; any one of those joined by '|'
  std::function<std::unique_ptr<SampleMaker>(RulerMaterial&)> maker;
};

std::span<const RulerTask> ruler_tasks();
// Those that the settings name. Throws config_error for unknown names, and for tasks whose files are not named.
std::vector<const RulerTask*> chosen_tasks(const RulerSettings& settings);

class RulerMaterial {
 public:
  RulerMaterial(const RulerSettings& settings, const text::Tokenizer& tokenizer);
  ~RulerMaterial();
  std::shared_ptr<const class Essays> essays();
  std::vector<std::string> words();
  const RulerSettings& settings() const { return settings_; }
  const text::Tokenizer& tokenizer() const { return tokenizer_; }

 private:
  const RulerSettings& settings_;
  const text::Tokenizer& tokenizer_;
  std::shared_ptr<const Essays> essays_;
};

// Tokens of a prompt, <s> included.
std::uint64_t prompt_tokens(const Sample& sample, const text::Tokenizer& tokenizer);

}  // namespace film::benchmarks
