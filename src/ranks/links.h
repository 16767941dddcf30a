#pragma once
// What joins this process to the others of its run.
#include <chrono>
#include <exception>
#include <optional>

#include "exchange.h"
#include "film/base/error.h"
#include "meeting.h"
#include "watch.h"

namespace film::ranks {

struct Links {
  int rank = 0;  // of this process
  Meeting meeting;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<Exchange> host;                 // of words and numbers
  std::optional<at::Device> device;               // where tensors are, unless on the CPU
  std::vector<std::unique_ptr<Exchange>> groups;  // of tensors, in the order in which they were opened
  std::chrono::milliseconds lost{};
  bool together = false;  // all ranks throw the same
  Traffic traffic;

  // Work that may wait for other ranks, where the watch sees it. Gloo's errors, and those of sockets below it, are of no
  // common type.
  template <class Work>
  void exchange(Work work, Watch::With whom = Watch::With::some) {
    watch->enter(whom);
    try {
      work();
    } catch (const Error&) {
      throw;
    } catch (const std::exception& failure) {
      broke(failure.what());
    }
    watch->leave();
  }

  [[noreturn]] void broke(const std::string& what) const;
};

}  // namespace film::ranks
