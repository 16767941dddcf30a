#pragma once
// Some of the ranks of a run, which exchange tensors among themselves.
#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace film::ranks {

class Exchange;
struct Links;

// Bytes of tensors that one rank has handed to each kind of exchange.
struct Traffic {
  std::uint64_t summed = 0, scattered = 0, gathered = 0, swapped = 0;
};

// Waits for an exchange that has begun; to be called once.
using Pending = std::function<void()>;

// All ranks of a group begin the same exchanges in the same order. Tensors are contiguous, and neither read nor written by
// others until the exchange is done. In a group of one rank nothing happens. A copy is the same group; none may be used when
// its Team is gone.
class Group {
 public:
  Group() = default;                                                 // of this process alone
  Group(Links& links, const std::string& name, int rank, int size);  // for Team alone: opens it

  int rank() const { return rank_; }  // in this group
  int size() const { return size_; }

  [[nodiscard]] Pending sum(const at::Tensor& x) const;  // in place
  // `flat` in size() slices of equal length: this rank's becomes its part of the sum, what the others hold afterwards is
  // undefined; or every slice becomes that of its rank.
  [[nodiscard]] Pending reduce_scatter(const at::Tensor& flat) const;
  [[nodiscard]] Pending all_gather(const at::Tensor& flat) const;
  at::Tensor slice(const at::Tensor& flat) const;  // this rank's
  // Elements of `in`, one part for each rank, to those ranks; their parts for this rank come to `out` in the order of ranks.
  // Of several ranks.
  [[nodiscard]] Pending swap(const at::Tensor& in, const std::vector<std::int64_t>& in_parts,
                             const at::Tensor& out, const std::vector<std::int64_t>& out_parts) const;

 private:
  template <class Begin>
  Pending begin(std::uint64_t Traffic::*counter, const at::Tensor& x, Begin exchange) const;

  Links* links_ = nullptr;
  Exchange* exchange_ = nullptr;
  int rank_ = 0, size_ = 1;
};

}  // namespace film::ranks
