#include "film/engine/probe_fit.h"

#include <algorithm>

namespace film::engine {

ProbeFit probe_fit(const ModelConfig& c, Precision precision, std::uint64_t most, std::uint64_t base,
                   const PlanDevice& device) {
  const std::int64_t s = weight_bytes(precision), T = std::min(kProbeTokens, c.max_position_embeddings),
                     D = c.hidden_size, A = c.query_width(), K = c.key_width(), F = c.intermediate_size;
  const std::int64_t cached = c.num_hidden_layers * 2 * K * s;  // of a token
  // Reading the prefix: residual stream in and out, normed rows, queries, keys, values, and a slice of the feed-forward.
  const std::int64_t slice = std::min(T, slice_rows(device.kind)),
                     reading = s * (T * (3 * D + 2 * A + 2 * K) + slice * (D + 3 * F));
  ProbeFit fit;
  fit.prefix = T;
  fit.bytes = base + library_bytes(device.kind) +
              static_cast<std::uint64_t>(c.parameters() * s + T * cached + reading);
  if (fit.bytes < most) fit.questions = static_cast<std::int64_t>(most - fit.bytes) / (kProbeRows * cached);
  return fit;
}

}  // namespace film::engine
