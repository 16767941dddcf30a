#include "prefix_order.h"

#include <algorithm>

namespace film::answers {
namespace {

constexpr std::size_t kOpenBytes = 1 << 20, kBytesOfToken = 4;

std::size_t bytes_of(const Context* context) {
  return context == nullptr ? 0 : std::max(context->text.size(), kBytesOfToken * context->ids.size());
}

}  // namespace

PrefixOrder::PrefixOrder(std::span<const Request> requests) {
  std::map<const Context*, std::size_t> known;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Context* context = requests[i].context.get();
    const auto [place, is_new] = known.emplace(context, groups_.size());
    const std::size_t group = context == nullptr ? groups_.size() : place->second;
    if (context == nullptr || is_new) groups_.emplace_back();
    groups_[group].requests.push_back(i);
    groups_[group].bytes = bytes_of(context);
    group_of_.push_back(group);
  }
}

std::optional<std::size_t> PrefixOrder::next() {
  while (first_ < groups_.size() && groups_[first_].sent == groups_[first_].requests.size()) ++first_;
  for (std::size_t g = first_; g < groups_.size(); ++g) {
    Group& group = groups_[g];
    const bool opens = group.sent == 0 && group.requests.size() > 1;
    if (!group.can_send() || (opens && open_bytes_ > 0 && open_bytes_ + group.bytes > kOpenBytes)) continue;
    if (opens) open_bytes_ += group.bytes;
    return group.requests[group.sent++];
  }
  return {};
}

void PrefixOrder::done(std::size_t request) {
  Group& group = groups_[group_of_[request]];
  ++group.finished;
  if (group.requests.size() > 1 && !group.open()) open_bytes_ -= group.bytes;
}

}  // namespace film::answers
