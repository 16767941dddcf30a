#pragma once
// What AdamW remembers of every parameter: two moments, and with bf16 weights the low 16 bits of the fp32
// masters (kernels::split_master). Flat, over a range of the parameters' flat buffers: all of them, or
// one process's share.
//
// Three offload tiers, one code path: a step walks through chunks of fixed size. none: a chunk is a view, on
// the device of the weights. cpu and disk: it is a staging copy there, read ahead and written back while the
// step works on its neighbour, by one other thread, or by a GPU's copy engine from pinned memory. The
// arithmetic is element by element, so tier, chunk size and range do not change a bit.
#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "film/base/scratch_file.h"
#include "film/checkpoint/safetensors.h"
#include "film/engine/memory_plan.h"
#include "film/model/parameters.h"

namespace film::train {

using at::Tensor;

class OptimizerState {
 public:
  OptimizerState() = default;  // of no parameters
  // Zero moments of the elements in `owned`; bf16 weights have remainders too. folder: where the disk tier's
  // scratch file is.
  OptimizerState(const model::ParameterList& parameters, const model::Range& owned,
                 const engine::MemorySettings& memory, const fs::path& folder);

  // Some elements of the flat buffers. remainder: undefined without bf16.
  struct Chunk {
    model::Range range;
    Tensor first, second, remainder;
  };
  // Every chunk in order; what `use` changes is written back.
  void for_each_chunk(const std::function<void(const Chunk&)>& use);

  // What a checkpoint holds: moments of the trained parameters, remainders of all (none without bf16). Each
  // lets go of memory of the disk tier once it is read or written. What is not owned is not held.
  std::vector<checkpoint::StoredTensor> first_moment() const;
  std::vector<checkpoint::StoredTensor> second_moment() const;
  std::vector<checkpoint::StoredTensor> remainder() const;

 private:
  std::vector<checkpoint::StoredTensor> stored(const Tensor& flat, bool trained_alone) const;
  Chunk chunk_at(std::int64_t begin) const;
  std::array<Chunk, 2> staging() const;
  void move(const Chunk& buffer, const Chunk& far, bool in) const;
  void stage_by_thread(const std::function<void(const Chunk&)>& use);
  void stage_by_stream(const std::function<void(const Chunk&)>& use);
  Tensor region(std::uint64_t offset, at::ScalarType type) const;
  void allocate(at::ScalarType moments, bool split);

  model::ParameterList parameters_;
  model::Range owned_;
  std::int64_t chunk_ = 0;  // elements
  bool staged_ = false;
  at::Device device_ = at::kCPU;
  std::optional<ScratchFile> file_;
  Tensor first_, second_, remainder_;
  std::vector<std::shared_ptr<void>> pins_;  // of the cpu tier with weights on a GPU
};

}  // namespace film::train
