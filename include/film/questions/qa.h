#pragma once
// `film qa`: contexts -> questions/examples.jsonl, rejected.jsonl and a manifest (docs/formats.md).
#include <cstdint>
#include <string>

#include "film/base/output_folder.h"
#include "film/folders/data_folder.h"
#include "film/questions/settings.h"
#include "film/records/qa_facts.h"

namespace film::questions {

// Asks about the first `limit` contexts of `data` (0 = all) and writes the folder that `output` names, or
// finds it finished; returns the facts of its manifest. The same settings and contexts give the same bytes
// for any number of threads. Throws config_error, io_error, stopped; bad_data when not one question was kept,
// or for a damaged manifest.
QaFacts write_questions(const folders::DataFolder& data, const QaSettings& settings,
                        const OutputRequest& output, std::uint64_t limit);

// The facts as a table for people.
std::string qa_summary(const QaFacts& facts);

}  // namespace film::questions
