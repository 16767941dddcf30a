#include "film/engine/cluster.h"

#include <algorithm>

namespace film::engine {

namespace {

constexpr double kGradient = 4;

// Of what is handed to an exchange between `ranks`, the part that leaves.
double leaving(double bytes, int ranks) { return bytes * (ranks - 1) / ranks; }

// Ranks that add up gradients: all, or those that have the same part of them.
int summing(const Sharing& s) { return s.gathers() ? s.copies() : s.ranks; }

}  // namespace

double swapped_bytes(const ModelConfig& config, Precision precision, const std::vector<ActivationSet>& saved,
                     int sequence, const SharedRowCounts& rows) {
  const auto A = static_cast<double>(config.query_width()), KV = 2 * static_cast<double>(config.key_width());
  double elements = 0;
  for (std::size_t l = 0; l < saved.size(); ++l) {
    const bool last = l + 1 == saved.size();
    const double q = last ? rows.own_answers : rows.own, Q = last ? rows.all_answers : rows.all;
    // To heads: queries, keys and values. Back: the output; or what is known of it, and then their gradients.
    const double forward = q * A + rows.own * KV + Q * A / sequence,
                 backward = 3 * q * A + rows.own * KV + (Q * A + rows.all * KV) / sequence;
    elements += forward + backward + (saved[l].attention ? 0 : forward);
  }
  const double numbers = sequence * (rows.passes + rows.own_answers);  // fp64, to each of them
  return elements * static_cast<double>(weight_bytes(precision)) + 8 * numbers;
}

double StepTraffic::wire(const Sharing& s) const {
  return leaving(2 * summed, summing(s)) + leaving(scattered + gathered, s.sharers()) +
         leaving(swapped, s.sequence);
}

StepTraffic step_traffic(std::int64_t flat, const PartSizes& parts, Precision precision,
                         const Sharing& sharing, double passes) {
  const auto weight = static_cast<double>(weight_bytes(precision)), elements = static_cast<double>(flat);
  if (sharing.ranks == 1) return {};
  if (!sharing.gathers()) {
    if (sharing.state() == 1) return {.summed = kGradient * elements};
    return {.scattered = kGradient * elements, .gathered = weight * elements};
  }
  const auto ends = static_cast<double>(parts.ends), layer = static_cast<double>(parts.layer),
             layers = static_cast<double>(parts.layers), kept = static_cast<double>(parts.buffers());
  // What the buffers hold at a turn is not fetched again: from forward to backward, and from pass to pass.
  StepTraffic traffic{.scattered = kGradient * (ends + passes * layers * layer),
                      .gathered = weight * (ends + (kept + 2 * passes * (layers - kept)) * layer)};
  if (sharing.ranks > sharing.model)
    traffic.summed = kGradient * static_cast<double>(parts.all()) / sharing.model;
  return traffic;
}

double exchange_seconds(const StepTraffic& traffic, const Sharing& sharing, const Cluster& cluster,
                        double node_link) {
  constexpr double kGiga = 1e9, kOfLink = 0.75;  // what large exchanges reach of a link
  const auto seconds = [&](double bytes, int width) {
    const double link = width > cluster.gpus_per_node ? std::min(cluster.network, node_link) : node_link;
    return bytes / (kOfLink * link * kGiga);
  };
  const double sums = leaving(2 * traffic.summed, summing(sharing)),
               parts = leaving(traffic.scattered + traffic.gathered, sharing.sharers()),
               swaps = leaving(traffic.swapped, sharing.sequence);
  return seconds(sums, sharing.ranks) + seconds(parts, sharing.sharers()) + seconds(swaps, sharing.sequence);
}

}  // namespace film::engine
