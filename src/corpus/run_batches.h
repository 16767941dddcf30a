#pragma once
// Private to the module: what the whole corpus and a shard of it have in common.
#include <functional>
#include <memory>
#include <vector>

#include "film/base/progress.h"
#include "film/cleaning/evaluation_texts.h"
#include "prepare.h"

namespace film::corpus {

// Throws bad_data for a tokenizer whose lines cannot be encoded apart.
void require_splits_at_newlines(const text::Tokenizer& tokenizer);

// What the corpus must not share words with, told in the log; nothing where no evaluation file is named.
std::unique_ptr<cleaning::EvaluationTexts> read_evaluation(const cleaning::DecontaminationSettings& settings);

std::uint64_t total_bytes(const std::vector<sources::SourceFile>& files);

// Prepares the batches on `threads` threads; `take` gets them in order on this one, the last one empty, and returns whether
// to go on. Throws stopped on a signal.
void run_batches(Preparer& preparer, Progress& progress, int threads,
                 const std::function<bool(PreparedBatch)>& take);

}  // namespace film::corpus
