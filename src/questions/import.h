#pragma once
// `film qa --import`: questions and answers that people wrote, matched to evidence by context id or quoted
// text.
#include "film/questions/qa.h"
#include "qa_files.h"
#include "qa_tally.h"

namespace film::questions {

// Reads settings.import, places each row and writes `files`. A row that cannot be placed is counted with its
// reason, named in the log and in rejected.jsonl. Returns the facts for the manifest.
//   context and quotes: each quote must stand in exactly one segment of that context
//   context alone:      the evidence is the context's own
//   quotes alone:       a context that holds them all, first one whose evidence they are, first one without
//   questions
Json write_imported_questions(const QaSource& source, const QaSettings& settings, std::uint64_t contexts,
                              QaFiles& files, QaTally& tally);

}  // namespace film::questions
