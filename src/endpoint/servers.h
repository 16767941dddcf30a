#pragma once
// The servers of a service, and which of them a request goes to.
#include <optional>
#include <vector>

#include "server.h"

namespace film::endpoint {

class Servers {
 public:
  // One server for each element of settings_of_servers(settings), with the key of the same number; a missing key
  // is none. `budget` must outlive it. `worked_before`: an earlier run had answers.
  Servers(const EndpointSettings& settings, std::vector<ApiKey> keys, Budget& budget, bool worked_before,
          std::uint64_t jitter_seed);

  std::size_t size() const { return servers_.size(); }
  Server& operator[](std::size_t index) { return servers_[index]; }
  const Server& operator[](std::size_t index) const { return servers_[index]; }

  // If all are left out, all get another chance: a new run begins.
  void begin_run(double now);

  std::size_t limit(double now) const;                  // requests that may be open now
  std::size_t in_use(double now) const;                 // servers that are not left out
  bool has_other(double now, std::size_t index) const;  // one in use besides that one
  std::uint64_t answers() const;

  // The server for a request: of those that may start it now, the one with the most room, but not the one of its
  // last attempt if there is a choice. Nothing when none may start it now.
  std::optional<std::size_t> choose(double now, const Outgoing& outgoing) const;
  // The earliest time at which one may; infinity until a reply comes.
  double ready_at(double now, const Outgoing& outgoing) const;

 private:
  std::vector<Server> servers_;
};

}  // namespace film::endpoint
