#pragma once
// The order in which questions are sent, so that a server that keeps the beginning of prompts reads each context once.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "film/answers/answerer.h"

namespace film::answers {

// The first question of a context goes alone; the others follow when its answer is there. Such contexts are open at once up
// to a megabyte of text: a server can keep only so much. A question that shares its context with none goes at any time.
class PrefixOrder {
 public:
  explicit PrefixOrder(std::span<const Request> requests);
  // The next to be sent; nothing: all are, or a result must come first.
  std::optional<std::size_t> next();
  void done(std::size_t request);  // its result is there

 private:
  struct Group {
    std::vector<std::size_t> requests;
    std::size_t sent = 0, finished = 0, bytes = 0;
    bool open() const { return sent > 0 && finished < requests.size(); }
    bool can_send() const { return sent < requests.size() && (sent == 0 || finished > 0); }
  };
  std::vector<Group> groups_;
  std::vector<std::size_t> group_of_;  // by request
  std::size_t first_ = 0;              // groups before it are sent
  std::size_t open_bytes_ = 0;         // of the contexts of groups of several with results outstanding
};

}  // namespace film::answers
