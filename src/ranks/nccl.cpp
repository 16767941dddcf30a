// NCCL through the table of libfilm_cuda.so: no second communicator library, no watchdog of its own; the watch ends what
// hangs, so the host waits for every exchange where the watch sees it. Exchanges run on a stream beside the passes.
#include "film/kernels/nccl.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>

#include "exchange.h"
#include "handed_on.h"

namespace film::ranks {
namespace {

// Waits for rank 0 of the group.
kernels::NcclName shared_name(const c10::intrusive_ptr<c10d::Store>& store, int rank) {
  const std::vector<std::uint8_t> bytes = handed_on(store, rank, [] {
    const kernels::NcclName made = kernels::new_nccl_name();
    return std::vector<std::uint8_t>(made.begin(), made.end());
  });
  kernels::NcclName name{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), name.size()), name.begin());
  return name;
}

class Nccl : public Exchange {
 public:
  Nccl(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size, const at::Device& device)
      : gpu_(device.type()),
        side_(gpu_.getStreamFromGlobalPool(device)),
        device_(device),
        group_(device, shared_name(store, rank), rank, size) {}

  Pending sum(const at::Tensor& x) override {
    return beside([&] { group_.sum(x); });
  }

  Pending reduce_scatter(const at::Tensor& flat, const at::Tensor& own) override {
    return beside([&] { group_.reduce_scatter(flat, own); });
  }

  Pending all_gather(const at::Tensor& flat, const at::Tensor& own) override {
    return beside([&] { group_.all_gather(flat, own); });
  }

  Pending swap(const at::Tensor& in, const std::vector<std::int64_t>& in_parts, const at::Tensor& out,
               const std::vector<std::int64_t>& out_parts) override {
    return beside([&] { group_.swap(in, in_parts, out, out_parts); });
  }

 private:
  // Runs on the side stream, behind what the current one has been given so far.
  template <class Work>
  Pending beside(Work work) {
    order(gpu_.getStream(device_), side_);
    const c10::StreamGuard guard(side_);
    work();
    const auto end = std::make_shared<c10::Event>(device_.type());
    end->record(side_);
    return [end] { end->synchronize(); };
  }

  // What `after` is given from now on waits for what `before` has been given.
  void order(const c10::Stream& before, const c10::Stream& after) const {
    c10::Event event(device_.type());
    event.record(before);
    event.block(after);
  }

  c10::impl::VirtualGuardImpl gpu_;
  c10::Stream side_;
  at::Device device_;
  kernels::NcclGroup group_;
};

}  // namespace

std::unique_ptr<Exchange> nccl_exchange(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size,
                                        const at::Device& device) {
  return std::make_unique<Nccl>(store, rank, size, device);
}

}  // namespace film::ranks
