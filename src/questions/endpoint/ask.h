#pragma once
// What a model is asked about a context: its evidence, one segment a request or all pieces in one.
#include <cstdint>
#include <string>
#include <vector>

#include "../source.h"
#include "film/questions/settings.h"

namespace film::questions {

// One request.
struct Ask {
  std::uint64_t context = 0;
  ContextKind kind = ContextKind::fine_grained;
  std::vector<std::uint32_t> positions;  // of the evidence; of integration in the document's order
  std::vector<std::string> texts;        // parallel to positions
};

// All requests about a context. Of kind integration a single one, which needs at least two pieces: can_ask().
std::vector<Ask> asks_about(const Context& context, const Source& source, const QaSettings& settings);
bool can_ask(const Ask& ask);

}  // namespace film::questions
