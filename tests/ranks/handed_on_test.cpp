// What rank 0 makes reaches ranks that ask long before it is there.
#include "ranks/handed_on.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

namespace film::ranks {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

TEST(HandedOn, WhoeverAsksWaitsLongerThanTheStoreWould) {
  struct Case {
    milliseconds late;
    Bytes bytes;
    int others;
  };
  for (const auto& [late, bytes, others] :
       {Case{milliseconds(0), {1}, 1}, Case{milliseconds(120), {7, 0, 9}, 2},
        Case{milliseconds(250), Bytes(128, 3), 3}}) {
    const auto whole = c10::make_intrusive<c10d::HashStore>();
    whole->setTimeout(milliseconds(20));
    const c10::intrusive_ptr<c10d::Store> store = c10::make_intrusive<c10d::PrefixStore>("group", whole);
    std::vector<std::future<Bytes>> waiting;
    for (int rank = 1; rank <= others; ++rank)
      waiting.push_back(std::async(std::launch::async, [&, rank] {
        return handed_on(store, rank,
                         []() -> Bytes { throw std::logic_error("made by another than rank 0"); });
      }));
    std::this_thread::sleep_for(late);
    EXPECT_EQ(handed_on(store, 0, [&] { return bytes; }), bytes);
    for (std::future<Bytes>& one : waiting) EXPECT_EQ(one.get(), bytes);
  }
}

}  // namespace
}  // namespace film::ranks
