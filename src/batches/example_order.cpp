#include "film/batches/example_order.h"

#include <numeric>

#include "film/base/random.h"

namespace film::batches {

ExampleOrder::ExampleOrder(std::size_t count, std::uint64_t seed, std::uint64_t stage)
    : count_(count), seed_(seed), stage_(stage), order_(count) {}

std::size_t ExampleOrder::at(std::uint64_t place) {
  const std::uint64_t epoch = place / count_;
  if (epoch != epoch_) {
    std::iota(order_.begin(), order_.end(), 0u);
    Random(seed_, "order", stage_ << 32 | epoch).shuffle(order_);
    epoch_ = epoch;
  }
  return order_[place % count_];
}

}  // namespace film::batches
