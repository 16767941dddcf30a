#pragma once
// Opens the models of an evaluation, and its judge, to be asked.
#include <memory>
#include <optional>

#include "film/answers/answerer.h"
#include "film/evaluation/models.h"
#include "film/tasks/catalog.h"
#include "predictions.h"

namespace film::evaluation {

// How one is asked.
struct Manner {
  text::PromptStyle prompt = text::PromptStyle::film;  // of a model that runs here
  double yarn_factor = 1;                              // the same
  const char* journal = "journal.jsonl";               // of what an endpoint answers
};

class Opening {
 public:
  // measuring: the tokenizer that contexts are measured with. Keeps references.
  Opening(const Settings& settings, const fs::path& folder, const std::optional<text::Tokenizer>& measuring)
      : settings_(settings), folder_(folder), measuring_(measuring) {}

  // A model that runs here, or one behind an endpoint, whose answers are journalled: none is paid for twice. Sets in `options`
  // what depends on which of these it is.
  std::unique_ptr<answers::Answerer> operator()(const Candidate& model, RunOptions& options,
                                                const Manner& manner) const;

  // Every model its own, unless one is named for all.
  text::Tokenizer tokenizer_of(const Candidate& model) const;

 private:
  fs::path cache_of(const Candidate& model, const text::Tokenizer& own, const Manner& manner) const;

  const Settings& settings_;
  const fs::path& folder_;
  const std::optional<text::Tokenizer>& measuring_;
};

// The tokenizer that contexts are measured with: the one named, or that of the last model with a folder. None where nothing is
// measured; throws config_error where none is named.
std::optional<text::Tokenizer> measuring_tokenizer(const std::vector<Candidate>& models,
                                                   const Settings& settings, const tasks::Catalog& catalog);

}  // namespace film::evaluation
