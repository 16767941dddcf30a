#include "film/ranks/team.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include "film/base/signals.h"
#include "links.h"

namespace film::ranks {
namespace {

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(1000 * seconds));
}

std::unique_ptr<Watch> open_watch(Meeting& meeting, int rank, const engine::RankSettings& settings,
                                  EndProcess end) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < meeting.who.size(); ++i)
    names.push_back(meeting.who[i].name(static_cast<int>(i)));
  const WatchTimes times{milliseconds_of(settings.lost_after), milliseconds_of(settings.slow_after)};
  const auto side = [&](WatchState& state) {
    return rank == 0 ? hub_side(std::move(meeting.members), names, times, state)
                     : member_side(std::move(meeting.members.at(0)), names, times, state);
  };
  return std::make_unique<Watch>(side, std::move(end));
}

at::Tensor bytes_of(const std::string& text, std::int64_t length) {
  at::Tensor bytes = at::zeros({length}, at::kByte);
  std::memcpy(bytes.mutable_data_ptr(), text.data(), text.size());
  return bytes;
}

}  // namespace

Team::Team() = default;
Team::Team(Team&&) noexcept = default;

Team::Team(const engine::RankPlace& place, const engine::RankSettings& settings, End end)
    : rank_(place.rank), size_(place.size) {
  if (size_ == 1) return;
  if (!end) end = [](const Error& failure) { throw Error(failure); };
  links_ = std::make_unique<Links>();
  links_->rank = rank_;
  links_->meeting = meet(place, settings);
  links_->lost = milliseconds_of(settings.lost_after);
  links_->watch = open_watch(links_->meeting, rank_, settings, std::move(end));
  links_->exchange([&] {
    links_->host = gloo_exchange(c10::make_intrusive<c10d::PrefixStore>("host", links_->meeting.store), rank_,
                                 size_, links_->meeting.address);
  });
}

Team::~Team() {
  if (links_) links_->watch.reset();  // the goodbye comes before the connections of the exchanges are closed
}

int Team::on_host() const {
  if (!links_) return 1;
  const auto& who = links_->meeting.who;
  return static_cast<int>(std::ranges::count(who, who[static_cast<std::size_t>(rank_)].host, &Who::host));
}

int Team::on_every_host() const { return links_ ? ranks_on_every_host(links_->meeting.who) : 1; }

int Team::on_processors() const {
  if (!links_) return 1;
  const auto& who = links_->meeting.who;
  const Who& me = who[static_cast<std::size_t>(rank_)];
  return static_cast<int>(std::ranges::count_if(
      who, [&](const Who& other) { return other.host == me.host && other.processors == me.processors; }));
}

void Links::broke(const std::string& what) const {
  watch->wait_for_verdict(2 * lost);
  throw os_error(
      "the exchange between the ranks broke: " + what.substr(0, what.find('\n')),
      "does the network between the nodes work? the same command resumes from the last checkpoint");
}

std::vector<double> Team::sum(std::vector<double> numbers) {
  if (!links_) return numbers;
  const at::Tensor x =
      at::from_blob(numbers.data(), {static_cast<std::int64_t>(numbers.size())}, at::kDouble);
  links_->exchange([&] { links_->host->sum(x)(); }, Watch::With::all);
  return numbers;
}

std::vector<std::string> Team::gather(const std::string& text) {
  if (!links_) return {text};
  at::Tensor lengths = at::zeros({size_}, at::kLong);
  lengths[rank_] = static_cast<std::int64_t>(text.size());
  links_->exchange([&] { links_->host->all_gather(lengths, lengths.narrow(0, rank_, 1).clone())(); },
                   Watch::With::all);
  const std::int64_t longest = std::max<std::int64_t>(1, lengths.max().item<std::int64_t>());
  const at::Tensor all = at::zeros({size_ * longest}, at::kByte);
  links_->exchange([&] { links_->host->all_gather(all, bytes_of(text, longest))(); }, Watch::With::all);
  std::vector<std::string> texts;
  for (int r = 0; r < size_; ++r)
    texts.emplace_back(static_cast<const char*>(all.const_data_ptr()) + r * longest,
                       static_cast<std::size_t>(lengths[r].item<std::int64_t>()));
  return texts;
}

std::string Team::from_leader(const std::string& text) { return gather(leads() ? text : "").front(); }

void Team::wait_for_all() { sum({0}); }

void Team::use(const at::Device& device) {
  if (links_ && device.is_cuda()) links_->device = device;
}

// first: the first of its ranks; rank: this one's place.
Group Team::open(int first, int rank, int size) {
  const std::string name = fmt::format("group {} from {}", opened_++, first);
  return size == 1 ? Group() : Group(*links_, name, rank, size);
}

Group Team::open_block(int width) { return open(rank_ / width * width, rank_ % width, width); }

Group Team::open_counterparts(int width) { return open(rank_ % width, rank_ / width, size_ / width); }

Traffic Team::traffic() const { return links_ ? links_->traffic : Traffic{}; }

int Team::stop_signal() const {
  const int here = film::stop_signal();
  return here != 0 || !links_ ? here : links_->watch->stop_signal();
}

void Team::all_throw(const Error& failure) {
  if (links_) {
    wait_for_all();
    links_->together = true;
  }
  if (!leads()) throw Error(failure.code(), "");  // said once
  throw Error(failure);
}

void Team::tell_failure(const std::exception_ptr& failure) {
  if (!links_ || links_->together) return;
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    links_->watch->tell_failure(error);
  } catch (const std::exception& error) {
    links_->watch->tell_failure(internal_error(error.what()));
  }
}

}  // namespace film::ranks
