#pragma once
#include <optional>

#include "film/evaluation/models.h"
#include "film/records/scores.h"

namespace film::cli {

// Which model a candidate is: folder, step and hash of its weights out of evaluation::input_hashes(). Nothing for one
// behind an endpoint.
std::optional<ModelOrigin> origin_of(const evaluation::Candidate& model, const Json& input_hashes);

}  // namespace film::cli
