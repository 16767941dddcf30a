#pragma once
// In which order a stage reads its examples: a keyed shuffle per epoch, with a position that can be resumed.
#include <cstdint>
#include <vector>

namespace film::batches {

class ExampleOrder {
 public:
  // Order of `count` examples for stage `stage` of a run with `seed`.
  ExampleOrder(std::size_t count, std::uint64_t seed, std::uint64_t stage);

  // The example number at place `place` of the endless sequence of epochs (each epoch every example once).
  std::size_t at(std::uint64_t place);

 private:
  std::size_t count_;
  std::uint64_t seed_, stage_;
  std::uint64_t epoch_ = ~0ull;
  std::vector<std::uint32_t> order_;  // of epoch_
};

}  // namespace film::batches
