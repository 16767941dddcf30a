#pragma once
// Questions that a model behind an endpoint writes: ask until every kind has its number, then write the files
// from the journal, in order.
#include "endpoint_prompts.h"
#include "film/questions/qa.h"
#include "qa_files.h"
#include "qa_tally.h"

namespace film::questions {

// Asks about the first `contexts` contexts of `source`, journalling into out/journal.jsonl, then writes
// `files` and counts in `tally`. Returns the facts for the manifest. Throws as EndpointClient::run does.
Json write_endpoint_questions(const QaSource& source, const QaSettings& settings, const Prompts& prompts,
                              const fs::path& out, std::uint64_t contexts, QaFiles& files, QaTally& tally);

}  // namespace film::questions
