#include "prefix_order.h"

namespace film::answers {
namespace {

constexpr std::size_t kOpenContexts = 4;

}  // namespace

PrefixOrder::PrefixOrder(std::span<const Request> requests) {
  std::map<const Context*, std::size_t> known;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Context* context = requests[i].context.get();
    const auto [place, is_new] = known.emplace(context, groups_.size());
    const std::size_t group = context == nullptr ? groups_.size() : place->second;
    if (context == nullptr || is_new) groups_.emplace_back();
    groups_[group].requests.push_back(i);
    group_of_.push_back(group);
  }
}

std::optional<std::size_t> PrefixOrder::next() {
  while (first_ < groups_.size() && groups_[first_].sent == groups_[first_].requests.size()) ++first_;
  for (std::size_t g = first_; g < groups_.size(); ++g) {
    Group& group = groups_[g];
    const bool opens = group.sent == 0 && group.requests.size() > 1;
    if (!group.can_send() || (opens && open_ == kOpenContexts)) continue;
    open_ += opens;
    return group.requests[group.sent++];
  }
  return {};
}

void PrefixOrder::done(std::size_t request) {
  Group& group = groups_[group_of_[request]];
  ++group.finished;
  if (group.requests.size() > 1 && !group.open()) --open_;
}

}  // namespace film::answers
