#include "servers.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "server_settings.h"

namespace film::endpoint {

Servers::Servers(const EndpointSettings& settings, std::vector<ApiKey> keys, Budget& budget,
                 bool worked_before, std::uint64_t jitter_seed) {
  const std::vector<EndpointSettings> all = settings_of_servers(settings);
  keys.resize(all.size());
  servers_.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    // Of several servers it is not known which of them worked before.
    const bool worked = worked_before && all.size() == 1;
    servers_.emplace_back(all[i], std::move(keys[i]), budget, worked, jitter_seed + i);
  }
}

void Servers::begin_run(double now) {
  if (in_use(now) > 0) return;
  for (Server& server : servers_) server.readmit();
}

std::size_t Servers::limit(double now) const {
  return std::accumulate(servers_.begin(), servers_.end(), std::size_t{0},
                         [&](std::size_t sum, const Server& server) { return sum + server.limit(now); });
}

std::size_t Servers::in_use(double now) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(servers_, [&](const Server& s) { return s.left_out(now) == nullptr; }));
}

bool Servers::has_other(double now, std::size_t index) const {
  const std::size_t itself = servers_[index].left_out(now) == nullptr ? 1 : 0;
  return in_use(now) > itself;
}

std::uint64_t Servers::answers() const {
  return std::accumulate(servers_.begin(), servers_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Server& server) { return sum + server.answers(); });
}

std::optional<std::size_t> Servers::choose(double now, const Outgoing& outgoing) const {
  std::optional<std::size_t> best;
  std::pair<bool, double> best_rank;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    if (servers_[i].ready_at(now, outgoing) > now) continue;
    const bool failed_there = outgoing.attempts > 0 && outgoing.server == i;
    const std::pair<bool, double> rank = {failed_there, servers_[i].load(now)};
    if (best && rank >= best_rank) continue;
    best = i;
    best_rank = rank;
  }
  return best;
}

double Servers::ready_at(double now, const Outgoing& outgoing) const {
  double earliest = std::numeric_limits<double>::infinity();
  for (const Server& server : servers_) earliest = std::min(earliest, server.ready_at(now, outgoing));
  return earliest;
}

}  // namespace film::endpoint
