#pragma once
// Sums and copies of tensors over all ranks, by Gloo or NCCL. Every rank calls the same functions in the same order.
#include <c10/util/intrusive_ptr.h>

#include <memory>

#include "film/ranks/group.h"

namespace c10d {
class Store;
}

namespace film::ranks {

class Exchange {
 public:
  virtual ~Exchange() = default;
  // Each begins and may still be under way when it returns; Group says what they do.
  virtual Pending sum(const at::Tensor& x) = 0;
  virtual Pending reduce_scatter(const at::Tensor& flat, const at::Tensor& own) = 0;
  virtual Pending all_gather(const at::Tensor& flat, const at::Tensor& own) = 0;
  virtual Pending swap(const at::Tensor& in, const std::vector<std::int64_t>& in_parts, const at::Tensor& out,
                       const std::vector<std::int64_t>& out_parts) = 0;
};

// Tensors on the CPU. address: where the others reach this process; GLOO_SOCKET_IFNAME may name interfaces instead. Throws
// std::exception of Gloo's where a connection breaks.
std::unique_ptr<Exchange> gloo_exchange(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size,
                                        const std::string& address);
// Tensors on a GPU; the name of the group goes through `store`.
std::unique_ptr<Exchange> nccl_exchange(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size,
                                        const at::Device& device);

}  // namespace film::ranks
