#pragma once
// `film qa`: contexts -> questions/examples.jsonl, rejected.jsonl and a manifest (docs/formats.md).
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "film/base/output_folder.h"
#include "film/questions/settings.h"
#include "film/questions/writer.h"

namespace film::questions {

// Where contexts come from: this room does not read the DATA folder itself.
struct QaSource {
  std::uint64_t contexts = 0;
  std::function<ContextMaterial(std::uint64_t)> read;  // context i; called from several threads
  // What the endpoint's questions need of it: the recipe, and the texts of some of its segments.
  std::function<Context(std::uint64_t)> context;
  std::function<std::vector<std::string>(const Context&, const std::vector<std::uint32_t>& positions)> texts;
  std::string planted_question;  // film synth's records.question; empty: no records
  Json identity;                 // what a resumed run must agree on, e.g. a manifest's hash
};

// The writer that settings.generator names.
std::unique_ptr<QuestionWriter> make_writer(const QaSettings& settings, const QaSource& source);

// Asks about the first `limit` contexts (0 = all) and writes the folder `out`, or finds it finished; returns
// its manifest. Same settings and contexts give the same bytes whatever the threads. Throws config_error,
// io_error, stopped; bad_data when not one question was kept.
Json write_questions(const QaSource& source, const QaSettings& settings, const OutputRequest& output,
                     std::uint64_t limit);

// The manifest's facts as a table for people.
std::string qa_summary(const Json& manifest);

}  // namespace film::questions
