#include "spare_plan.h"

#include <cmath>

namespace film::questions {

void SparePlan::add(const Context& context) {
  Group& group = groups_[name_of(context.split) + " " + name_of(context.kind)];
  group.contexts.push_back(context.id);
  group_of_.push_back(&group);
  states_.push_back(State::waiting);
}

std::uint64_t SparePlan::wanted(const Group& group) const {
  const auto all = static_cast<double>(group.contexts.size());
  return static_cast<std::uint64_t>(all - std::floor(spares_ * all));
}

std::uint64_t SparePlan::wanted() const {
  std::uint64_t sum = 0;
  for (const auto& [name, group] : groups_) sum += wanted(group);
  return sum;
}

// The lowest id of all groups that still want one, so that the store is read in its order.
std::optional<std::uint64_t> SparePlan::next() {
  Group* best = nullptr;
  for (auto& [name, group] : groups_) {
    if (group.next == group.contexts.size() || group.kept + group.open >= wanted(group)) continue;
    if (best == nullptr || group.contexts[group.next] < best->contexts[best->next]) best = &group;
  }
  if (best == nullptr) return {};
  const std::uint64_t context = best->contexts[best->next++];
  ++best->open;
  states_[context] = State::open;
  return context;
}

void SparePlan::done(std::uint64_t context, bool kept) {
  Group& group = *group_of_[context];
  states_[context] = State::done;
  --group.open;
  group.kept += kept ? 1 : 0;
}

bool SparePlan::settled(std::uint64_t context) const {
  const Group& group = *group_of_[context];
  if (states_[context] != State::waiting) return states_[context] == State::done;
  return group.open == 0 && group.kept >= wanted(group);
}

std::map<std::string, QaGroup> SparePlan::groups() const {
  std::map<std::string, QaGroup> facts;
  for (const auto& [name, group] : groups_) facts[name] = {wanted(group), group.kept, group.next};
  return facts;
}

std::string SparePlan::shortage() const {
  std::string text;
  for (const auto& [name, group] : groups_)
    if (group.kept < wanted(group))
      text += (text.empty() ? "" : ", ") + name + " " + std::to_string(group.kept) + " of " +
              std::to_string(wanted(group));
  return text;
}

}  // namespace film::questions
