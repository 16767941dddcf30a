#pragma once
// Names of tasks -> questions ready to be asked.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "film/records/records.h"
#include "film/tasks/catalog.h"
#include "film/tasks/settings.h"
#include "film/tasks/task.h"

namespace film::tasks {

// A held-out example. Its context is read only when `open` is called.
struct HeldOut {
  Example example;
  std::uint32_t segments = 0;  // in the context; evidence slots count up to it
  std::function<Passage()> open;
};

// Examples of one split of DATA folders. Throws bad_data if a folder was made with another tokenizer, no_input if none
// of the questions is about a context of that split.
std::vector<HeldOut> held_out(const std::vector<std::string>& folders, Split split,
                              const text::Tokenizer& tokenizer);

// A question that is known by its reference answers alone: they came with an output made elsewhere.
struct GivenQuestion {
  std::string id;  // empty: numbered
  std::vector<std::string> answers, choices;
};

struct BuildInput {
  const Settings& settings;
  std::optional<text::Tokenizer> tokenizer = {};  // for task files with max_prompt_tokens
  LineTokens tokens = {};                         // for probes made from local material
  std::vector<HeldOut> held_out = {};             // for in2 and factorial
  // Outputs made elsewhere are scored: no prompts are made, and columns of context and question are not needed.
  bool answers_only = false;
  bool questions = false;                 // Item::asked is filled: a judge is to see the question alone
  std::vector<GivenQuestion> given = {};  // not empty: the rows of a task file, whose data is then not read
};

// Whether the task is made with the help of a tokenizer; of a task file only its prompts are.
bool needs_tokenizer(const std::string& name, const Catalog& catalog, bool prompts = true);
bool needs_data(const std::string& name, const Settings& settings);  // BuildInput::held_out

// The same for the same settings. Throws no_input (no source), bad_data (unusable source), config_error (a context
// too short for a single question; a missing tokenizer).
Task build_task(const std::string& name, const Catalog& catalog, const BuildInput& input);

// What of a task file's questions is made: prompts and answers, answers alone, or nothing, where they come with outputs.
enum class Made { prompts, answers, nothing };

// Files whose content decides what a task file asks: itself, its data, its examples.
std::vector<fs::path> files_of_task(const std::string& name, const Catalog& catalog, const Settings& settings,
                                    Made made = Made::prompts);

}  // namespace film::tasks
