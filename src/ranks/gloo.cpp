// Gloo through Torch. What its header needs of gloo's own headers is in cmake/gloo.
#define USE_C10D_GLOO
#include <cstdlib>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "exchange.h"
#include "handed_on.h"

namespace film::ranks {
namespace {

class Gloo : public Exchange {
 public:
  Gloo(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size, const std::string& address)
      : group_(c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options(address))) {}

  Pending sum(const at::Tensor& x) override {
    std::vector<at::Tensor> list{x};
    return done(group_->allreduce(list));
  }

  Pending reduce_scatter(const at::Tensor& flat, const at::Tensor& own) override {
    at::Tensor in = flat, out = own;
    return done(group_->_reduce_scatter_base(out, in));
  }

  Pending all_gather(const at::Tensor& flat, const at::Tensor& own) override {
    at::Tensor out = flat, in = own;
    return done(group_->_allgather_base(out, in));
  }

  Pending swap(const at::Tensor& in, const std::vector<std::int64_t>& in_parts, const at::Tensor& out,
               const std::vector<std::int64_t>& out_parts) override {
    at::Tensor from = in.view(-1), to = out.view(-1);
    std::vector<std::int64_t> from_parts = in_parts, to_parts = out_parts;
    return done(group_->alltoall_base(to, from, to_parts, from_parts));
  }

 private:
  using Library = c10d::ProcessGroupGloo;
  static c10::intrusive_ptr<Library::Options> options(const std::string& address) {
    if (address.empty() || std::getenv("GLOO_SOCKET_IFNAME") != nullptr)
      return Library::Options::create_default(kNoLimit);
    auto options = Library::Options::create(kNoLimit);
    options->devices.push_back(Library::createDeviceForHostname(address));
    return options;
  }

  // The library's own threads move the data meanwhile.
  static Pending done(c10::intrusive_ptr<c10d::Work> work) {
    return [work = std::move(work)] { work->wait(); };
  }

  c10::intrusive_ptr<Library> group_;
};

}  // namespace

std::unique_ptr<Exchange> gloo_exchange(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size,
                                        const std::string& address) {
  return std::make_unique<Gloo>(store, rank, size, address);
}

}  // namespace film::ranks
