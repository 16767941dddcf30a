#pragma once
// Answers of an EVAL folder with their questions and contexts.
#include <optional>
#include <string>
#include <vector>

#include "show_text.h"

namespace film::cli {

struct AnswerFilter {
  std::string id, task, model;  // empty: any
  bool wrong = false;           // only scores below 1
};

// In the order of the files of predictions, by name. Questions and contexts are found for the task in2, whose DATA
// folders are still where they were, and for the samples that EVAL keeps. Throws no_input, bad_data.
std::vector<ShownAnswer> find_answers(const fs::path& eval, const AnswerFilter& filter);

}  // namespace film::cli
