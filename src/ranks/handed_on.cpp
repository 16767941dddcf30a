#include "handed_on.h"

#include <torch/csrc/distributed/c10d/Store.hpp>

namespace film::ranks {

std::vector<std::uint8_t> handed_on(const c10::intrusive_ptr<c10d::Store>& store, int rank,
                                    const std::function<std::vector<std::uint8_t>()>& make) {
  constexpr const char* kKey = "handed on";
  if (rank == 0) {
    store->set(kKey, make());
  } else {
    store->wait({kKey}, kNoLimit);
  }
  return store->get(kKey);
}

}  // namespace film::ranks
