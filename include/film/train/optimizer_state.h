#pragma once
// What AdamW remembers of every parameter: two moments, and with bf16 weights the low 16 bits of the fp32
// masters (kernels::split_master). Flat, in the order of for_each_parameter.
//
// Three tiers, one code path: a step walks through chunks of fixed size. Resident: a chunk is a view, on the
// device of the weights. Host and file: it is a staging copy there, read ahead and written back while the
// step works on its neighbour, by one other thread, or by a card's copy engine from pinned memory. The
// arithmetic is element by element, so tier and chunk size do not change a bit.
#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "film/base/scratch_file.h"
#include "film/checkpoint/checkpoint.h"
#include "film/engine/memory_plan.h"

namespace film::train {

using at::Tensor;

class OptimizerState {
 public:
  OptimizerState() = default;  // of no parameters
  // Zero moments. weights: type and device; bf16 means that there are remainders. folder: where the file
  // tier's scratch file is.
  OptimizerState(const engine::ModelConfig& config, const at::TensorOptions& weights,
                 const engine::MemorySettings& memory, const fs::path& folder);

  // Elements [begin, begin + length) of all parameters laid end to end. remainder: undefined without bf16.
  struct Chunk {
    std::int64_t begin = 0, length = 0;
    Tensor first, second, remainder;
  };
  // Every chunk in order; what `use` changes is kept.
  void for_each_chunk(const std::function<void(const Chunk&)>& use);

  // Views named as in a checkpoint, to read from or write to.
  checkpoint::NamedTensors first_moment() const { return named(first_); }
  checkpoint::NamedTensors second_moment() const { return named(second_); }
  checkpoint::NamedTensors remainder() const {
    return remainder_.defined() ? named(remainder_) : checkpoint::NamedTensors();
  }
  // Lets go of the memory behind a view of the file tier; its content stays. Nothing in the other tiers.
  void release(const Tensor& view) const;

 private:
  checkpoint::NamedTensors named(const Tensor& flat) const;
  Chunk stored(std::int64_t begin) const;
  std::array<Chunk, 2> staging() const;
  void move(const Chunk& buffer, const Chunk& far, bool in) const;
  void stage_by_thread(const std::function<void(const Chunk&)>& use);
  void stage_by_stream(const std::function<void(const Chunk&)>& use);
  Tensor region(std::uint64_t offset, at::ScalarType type) const;

  engine::ModelConfig config_;
  std::int64_t elements_ = 0, chunk_ = 0;
  bool staged_ = false;
  at::Device device_ = at::kCPU;
  std::optional<ScratchFile> file_;
  Tensor first_, second_, remainder_;
  std::vector<std::shared_ptr<void>> pins_;  // of the host tier on a card
};

}  // namespace film::train
