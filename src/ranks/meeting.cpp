#include "meeting.h"

#include <fmt/format.h>

#include <random>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "meeting_place.h"

namespace film::ranks {
namespace {

using engine::RankPlace;

constexpr const char *kAll = "all", *kAddress = "address";

std::string seat(int rank) { return "who/" + std::to_string(rank); }

// Waits until everybody has a seat; says who has none.
std::vector<Json> seated(const Store& store, const RankPlace& place, const Deadline& deadline) {
  std::vector<Json> all(static_cast<std::size_t>(place.size));
  for (int rank = 0; rank < place.size; ++rank) {
    while (!store->check({seat(rank)})) {
      if (deadline.passed()) {
        std::vector<std::string> missing;
        for (int late = rank; late < place.size; ++late)
          if (!store->check({seat(late)})) missing.push_back(std::to_string(late));
        throw os_error(fmt::format("of {} ranks {} did not come within {:.0f} s (ranks.join_within)",
                                   place.size, join(missing, ", "), deadline.seconds()),
                       "were all started? with Slurm by srun, which starts a process for each task");
      }
      require_all_stay(store);
      deadline.wait();
    }
    all[static_cast<std::size_t>(rank)] = take(store, seat(rank));
  }
  return all;
}

// Rank 0 counts heads, the others wait for its list.
Json everybody(const Store& store, const RankPlace& place, const Deadline& deadline) {
  if (place.rank == 0) {
    try {
      const Json all = {{"who", seated(store, place, deadline)}};
      put(store, kAll, all);
      return all;
    } catch (const Error& failure) {
      put(store, kAll, {{"error", failure.what()}, {"hint", failure.hint()}});
      throw;
    }
  }
  const Deadline longer(deadline.seconds() + 5);
  while (!store->check({kAll})) {
    if (longer.passed())
      throw os_error(fmt::format("rank {} of {} waited {:.0f} s for rank 0 in vain (ranks.join_within)",
                                 place.rank, place.size, longer.seconds()),
                     "its own log says what became of it");
    longer.wait();
  }
  Json all = take(store, kAll);
  if (all.contains("error")) throw os_error(all.value("error", ""), all.value("hint", ""));
  return all;
}

void take_seat(const Store& store, const RankPlace& place, const Json& who) {
  if (store->add("taken/" + std::to_string(place.rank), 1) > 1)
    throw config_error(
        fmt::format("two processes say that they are rank {} of {}, at {}", place.rank, place.size,
                    place_text(place)),
        "each process of a run needs a RANK of its own, and each run a MASTER_PORT of its own");
  put(store, seat(place.rank), who);
}

std::vector<LineSocket> accept_members(const Store& store, Listener& listener, const RankPlace& place,
                                       const std::string& token, const Deadline& deadline) {
  std::vector<std::optional<LineSocket>> came(static_cast<std::size_t>(place.size - 1));
  std::size_t count = 0;
  while (count < came.size()) {
    if (deadline.passed())
      throw os_error("a rank met the others, but did not connect to rank 0", "is there a firewall?");
    require_all_stay(store);
    deadline.wait();
    auto socket = listener.accept(kLook);
    std::vector<std::string> lines;
    for (const Deadline hello(2); socket && lines.empty() && !hello.passed(); hello.wait())
      if (!socket->receive(lines)) break;
    if (lines.empty()) continue;
    const auto message = try_parse_json(lines[0]);
    if (!message || !message->is_object() || message->value("token", "") != token) continue;  // a stranger
    const auto rank = static_cast<std::size_t>(message->value("rank", 0));
    if (rank < 1 || rank > came.size() || came[rank - 1]) continue;
    came[rank - 1] = std::move(socket);
    ++count;
  }
  std::vector<LineSocket> members;
  for (auto& member : came) members.push_back(std::move(*member));
  return members;
}

// Where all have met rank 0 is the best known name of its node; where the launcher serves, rank 0 may be elsewhere.
LineSocket connect_to_hub(const RankPlace& place, const Json& hub, const Deadline& deadline) {
  const std::string host = hub.value("host", ""), token = hub.value("token", ""), here = this_process().host;
  const std::vector<std::string> names = host == here   ? std::vector<std::string>{"127.0.0.1"}
                                         : place.served ? std::vector<std::string>{host, place.address}
                                                        : std::vector<std::string>{place.address, host};
  while (true) {
    for (const std::string& name : names)
      if (auto socket = connect_to(name, hub.value("port", 0), kTry)) {
        socket->send(to_line({{"rank", place.rank}, {"token", token}}));
        return std::move(*socket);
      }
    if (deadline.passed())
      throw os_error(fmt::format("rank {} of {} on {} cannot connect to rank 0 on {}, port {}", place.rank,
                                 place.size, here, host, hub.value("port", 0)),
                     "do the nodes allow TCP connections between each other?");
    deadline.wait();
  }
}

void require_same_run(const std::vector<Json>& all, const RankPlace& place) {
  for (std::size_t rank = 0; rank < all.size(); ++rank)
    if (all[rank].value("size", 0) != place.size)
      throw config_error(fmt::format("rank {} says it is one of {} ranks, rank {} one of {}", rank,
                                     all[rank].value("size", 0), place.rank, place.size),
                         "processes of two runs meet at one place: give each a MASTER_PORT of its own");
}

// Where the others reach this process: what a host's own name means to it is often 127.0.1.1, so each takes its end of a
// connection with rank 0; on rank 0's host, rank 0's of one with another host.
std::string own_address(const Meeting& meeting, const RankPlace& place, const Deadline& deadline) {
  const std::string& hub_host = meeting.who.front().host;
  if (place.rank == 0) {
    std::string address = meeting.members.front().local_address();
    for (std::size_t i = 0; i < meeting.members.size(); ++i)
      if (meeting.who[i + 1].host != hub_host) address = meeting.members[i].local_address();
    put(meeting.store, kAddress, {{"address", address}});
    return address;
  }
  if (meeting.who[static_cast<std::size_t>(place.rank)].host != hub_host)
    return meeting.members.front().local_address();
  while (!meeting.store->check({kAddress})) {
    if (deadline.passed())
      throw os_error("rank 0 did not say where it is reached", "its own log says what became of it");
    require_all_stay(meeting.store);
    deadline.wait();
  }
  return take(meeting.store, kAddress).value("address", "");
}

// What everybody says, and the connections to rank 0.
void join_meeting(Meeting& meeting, const RankPlace& place, Json me, const Deadline& deadline) {
  std::optional<Listener> listener;
  const std::string token = fmt::format("{:08x}{:08x}", std::random_device()(), std::random_device()());
  if (place.rank == 0) {
    me["port"] = listener.emplace().port();
    me["token"] = token;
  }
  take_seat(meeting.store, place, me);
  const auto all = everybody(meeting.store, place, deadline).at("who").get<std::vector<Json>>();
  require_same_run(all, place);
  for (const Json& who : all)
    meeting.who.push_back(
        {who.value("host", ""), who.value("processors", ""), who.value("process", std::int64_t{0})});
  if (place.rank == 0)
    meeting.members = accept_members(meeting.store, *listener, place, token, deadline);
  else
    meeting.members.push_back(connect_to_hub(place, all[0], deadline));
  meeting.address = own_address(meeting, place, deadline);
}

}  // namespace

Meeting meet(const RankPlace& place, const engine::RankSettings& settings) {
  const Deadline deadline(settings.join_within);
  Meeting meeting{.store = open_store(place, deadline), .who = {}, .members = {}};
  const Who me = this_process();
  try {
    join_meeting(
        meeting, place,
        {{"host", me.host}, {"processors", me.processors}, {"process", me.process}, {"size", place.size}},
        deadline);
  } catch (const Error& failure) {
    if (place.rank > 0) say_leaving(meeting.store, place, failure);
    throw;
  }
  return meeting;
}

}  // namespace film::ranks
