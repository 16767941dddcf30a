#pragma once
// Sums and copies of tensors over all ranks, by Gloo or NCCL. Every rank calls the same functions in the same order.
#include <ATen/ATen.h>
#include <c10/util/intrusive_ptr.h>

#include <memory>

namespace c10d {
class Store;
}

namespace film::ranks {

class Exchange {
 public:
  virtual ~Exchange() = default;
  // In place; may still be under way when it returns: finish() waits for all that began.
  virtual void begin_sum(const at::Tensor& x) = 0;
  virtual void finish() = 0;
  // flat: a slice of equal length for each rank. `own`, the slice of this rank, becomes the sum; what the others hold
  // afterwards is undefined.
  virtual void reduce_scatter(const at::Tensor& flat, const at::Tensor& own) = 0;
  // Every slice becomes that of its rank.
  virtual void all_gather(const at::Tensor& flat, const at::Tensor& own) = 0;
};

// Tensors on the CPU. Throws std::exception of Gloo's where a connection breaks.
std::unique_ptr<Exchange> gloo_exchange(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size);
// Tensors on a GPU; the name of the group goes through `store`.
std::unique_ptr<Exchange> nccl_exchange(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size,
                                        const at::Device& device);

}  // namespace film::ranks
