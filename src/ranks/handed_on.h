#pragma once
// What one rank of a group makes for all of it, handed on through their store.
#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace c10d {
class Store;
}

namespace film::ranks {

// A limit for libraries that want one: the watch ends what hangs, so none of theirs cuts off a slow rank. As milliseconds
// it fits an int.
inline constexpr std::chrono::hours kNoLimit{24 * 20};

// Rank 0 makes the bytes; the others wait until they are there, however long the store itself would wait.
std::vector<std::uint8_t> handed_on(const c10::intrusive_ptr<c10d::Store>& store, int rank,
                                    const std::function<std::vector<std::uint8_t>()>& make);

}  // namespace film::ranks
