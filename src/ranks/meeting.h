#pragma once
// How the ranks of a run find each other: all meet at Torch's TCPStore, say who they are, and connect to rank 0's watch.
#include <c10/util/intrusive_ptr.h>

#include <string>
#include <vector>

#include "film/engine/ranks.h"
#include "line_socket.h"
#include "who.h"

namespace c10d {
class Store;
}

namespace film::ranks {

struct Meeting {
  c10::intrusive_ptr<c10d::Store> store;
  std::vector<Who> who;             // of all ranks
  std::vector<LineSocket> members;  // on rank 0: to ranks 1, 2 …; on all others: to rank 0
  std::string address = {};         // of this process, as the other hosts reach it
};

// Throws os_error where the meeting place cannot be opened or reached, or ranks do not come in time (which); config_error
// for ranks that do not belong together; stopped after a signal.
Meeting meet(const engine::RankPlace& place, const engine::RankSettings& settings);

}  // namespace film::ranks
