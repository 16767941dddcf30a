#pragma once
// Private to the module: a question on a context as a row of each form.
#include <string>
#include <vector>

#include "film/exports/export.h"

namespace film::exports {

// A question with the texts that it is about.
struct AskedQuestion {
  const Example& example;
  const Question& question;
  std::string id;  // "000012-000": example and question, as in EVAL's predictions
  const Context& context;
  const std::vector<std::string>& segments;  // texts, in the order of the context
};

std::string question_id(const Example& example, std::size_t number);

// A line of JSON. For messages, rl and text.
Json row_of(const AskedQuestion& asked, const ExportSettings& settings);

}  // namespace film::exports
