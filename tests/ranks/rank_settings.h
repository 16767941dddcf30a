#pragma once
// What tests of several ranks share.
#include "film/base/error.h"
#include "film/engine/ranks.h"

namespace film::testing {

inline void require(bool right, const char* what) {
  if (!right) throw internal_error(what);
}

inline engine::RankSettings patient() {
  engine::RankSettings settings;
  settings.join_within = 20;
  return settings;
}

inline engine::RankSettings quick() {
  engine::RankSettings settings;
  settings.join_within = 20;
  settings.lost_after = 1;
  settings.slow_after = 1.5;
  return settings;
}

}  // namespace film::testing
