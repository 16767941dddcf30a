#include "meeting_place.h"

#include <fmt/format.h>

#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "film/base/signals.h"
#include "who.h"

namespace film::ranks {

Deadline::Deadline(double seconds)
    : seconds_(seconds),
      end_(Clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(1000 * seconds))) {}

void Deadline::wait() const {
  throw_if_stopped("the other ranks had not all come yet: nothing was trained");
  std::this_thread::sleep_for(kLook);
}

std::string place_text(const engine::RankPlace& place) {
  return fmt::format("{}:{}", place.address, place.port);
}

namespace {

constexpr const char* kLeft = "left";

Error no_meeting_place(const engine::RankPlace& place, const std::string& why) {
  const std::string at = place_text(place);
  if (place.rank == 0 && !place.served)
    return os_error(fmt::format("rank 0 cannot open the place where the ranks meet, {}: {}", at, why),
                    "is the port taken? set MASTER_PORT to one that is free, the same for all ranks");
  return os_error(fmt::format("rank {} of {} on {} cannot reach the place where the ranks meet, {}: {}",
                              place.rank, place.size, this_process().host, at, why),
                  "does rank 0 run, and is MASTER_ADDR a name of its node that this one knows?");
}

}  // namespace

Store open_store(const engine::RankPlace& place, const Deadline& deadline) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(place.port);
  options.isServer = place.rank == 0 && !place.served;
  options.waitWorkers = false;
  options.timeout = kTry;
  while (true) {
    std::string why;
    try {
      const Store store = c10::make_intrusive<c10d::TCPStore>(place.address, options);
      return c10::make_intrusive<c10d::PrefixStore>("film/" + std::to_string(place.attempt), store);
    } catch (const c10::Error& error) {
      why = error.what_without_backtrace();
    } catch (const std::exception& error) {
      why = error.what();
    }
    if (options.isServer || deadline.passed()) throw no_meeting_place(place, why.substr(0, why.find('\n')));
    deadline.wait();
  }
}

void put(const Store& store, const std::string& key, const Json& value) {
  const std::string text = to_line(value);
  store->set(key, std::vector<std::uint8_t>(text.begin(), text.end()));
}

Json take(const Store& store, const std::string& key) {
  const std::vector<std::uint8_t> bytes = store->get(key);
  return parse_json(std::string(bytes.begin(), bytes.end()), key);
}

void say_leaving(const Store& store, const engine::RankPlace& place, const Error& failure) {
  put(store, kLeft,
      {{"rank", place.rank},
       {"code", static_cast<int>(failure.code())},
       {"message", failure.what()},
       {"hint", failure.hint()}});
}

void require_all_stay(const Store& store) {
  if (!store->check({kLeft})) return;
  const Json left = take(store, kLeft);
  throw Error(
      static_cast<ExitCode>(left.value("code", 70)),
      fmt::format("rank {} left before all had met: {}", left.value("rank", 0), left.value("message", "")),
      left.value("hint", ""));
}

}  // namespace film::ranks
