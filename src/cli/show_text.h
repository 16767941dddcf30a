#pragma once
// Contexts, questions and answers as text for people and programs.
#include <string>
#include <vector>

#include "film/folders/data_folder.h"
#include "film/records/samples.h"
#include "film/records/scores.h"

namespace film::cli {

// Of one context: its pieces, those that are evidence, and what is asked about it.
struct ShownContext {
  Context context;
  std::vector<std::string> pieces;
  std::vector<Question> questions;
};

// A model's answer with what was asked, where that can be found.
struct ShownAnswer {
  std::string model;  // its label
  Prediction prediction;
  std::string question = {};               // empty: not known
  std::vector<ShownContext> context = {};  // one, or none
  std::vector<ContextPart> parts = {};     // instead of it: the part that EVAL keeps of its samples
};

// For a terminal: text from outside is made printable (base/terminal.h).
std::string context_text(const ShownContext& shown, bool colour);
std::string answer_text(const ShownAnswer& shown, bool colour);
Json context_json(const ShownContext& shown);
Json answer_json(const ShownAnswer& shown);

// A line each: what there is to be shown.
std::string context_line(const Context& context, std::size_t questions);

}  // namespace film::cli
