// Gloo through Torch. What its header needs of gloo's own headers is in cmake/gloo.
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "exchange.h"

namespace film::ranks {
namespace {

// The watch ends what hangs, so that no limit of the library's cuts off a slow step.
constexpr std::chrono::hours kLimit{24 * 30};

class Gloo : public Exchange {
 public:
  Gloo(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size)
      : group_(c10::make_intrusive<c10d::ProcessGroupGloo>(
            store, rank, size, c10d::ProcessGroupGloo::Options::create_default(kLimit))) {}

  void begin_sum(const at::Tensor& x) override {
    std::vector<at::Tensor> list{x};
    open_.push_back(group_->allreduce(list));
  }

  void finish() override {
    for (const auto& work : std::exchange(open_, {})) work->wait();
  }

  void reduce_scatter(const at::Tensor& flat, const at::Tensor& own) override {
    at::Tensor in = flat, out = own;
    group_->_reduce_scatter_base(out, in)->wait();
  }

  void all_gather(const at::Tensor& flat, const at::Tensor& own) override {
    at::Tensor out = flat, in = own;
    group_->_allgather_base(out, in)->wait();
  }

 private:
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
  std::vector<c10::intrusive_ptr<c10d::Work>> open_;
};

}  // namespace

std::unique_ptr<Exchange> gloo_exchange(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size) {
  return std::make_unique<Gloo>(store, rank, size);
}

}  // namespace film::ranks
