#include "journal_schedule.h"

#include <algorithm>

namespace film::endpoint {
namespace {

constexpr double kPauseShare = 9;    // times as long as the last fsync took
constexpr double kLongestPause = 1;  // seconds

}  // namespace

void JournalSchedule::sync_if_due() {
  if (clock_.now() >= next_) sync();
}

void JournalSchedule::sync() {
  if (journal_ == nullptr || journal_->unsynced() == 0) return;
  const double begin = clock_.now();
  journal_->sync();
  const double end = clock_.now();
  next_ = end + std::min(kLongestPause, kPauseShare * (end - begin));
}

}  // namespace film::endpoint
