#include "film/sources/reject_tally.h"

namespace film::sources {
namespace {

constexpr std::size_t kExamples = 20;

}  // namespace

void RejectTally::count(const std::string& reason, const std::string& where) {
  ++by_reason_[reason];
  if (examples_.size() < kExamples) examples_.push_back(where + ": " + reason);
}

std::uint64_t RejectTally::total() const {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : by_reason_) sum += count;
  return sum;
}

std::string RejectTally::text() const {
  std::string text;
  for (const auto& [reason, count] : by_reason_)
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count);
  return text;
}

}  // namespace film::sources
