#include "film/ranks/group.h"

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include "links.h"

namespace film::ranks {
namespace {

std::unique_ptr<Exchange> open_exchange(Links& links, const std::string& name, int rank, int size) {
  std::unique_ptr<Exchange> made;
  const c10::intrusive_ptr<c10d::Store> corner =
      c10::make_intrusive<c10d::PrefixStore>(name, links.meeting.store);
  links.exchange([&] {
    made = links.device ? nccl_exchange(corner, rank, size, *links.device)
                        : gloo_exchange(corner, rank, size, links.meeting.address);
  });
  return made;
}

}  // namespace

Group::Group(Links& links, const std::string& name, int rank, int size)
    : links_(&links), rank_(rank), size_(size) {
  links.groups.push_back(open_exchange(links, name, rank, size));
  exchange_ = links.groups.back().get();
}

at::Tensor Group::slice(const at::Tensor& flat) const {
  const std::int64_t length = flat.numel() / size_;
  if (flat.numel() != length * size_)
    throw internal_error("a buffer that does not divide by the number of ranks");
  return flat.narrow(0, rank_ * length, length);
}

template <class Begin>
Pending Group::begin(std::uint64_t Traffic::*counter, const at::Tensor& x, Begin exchange) const {
  links_->traffic.*counter += x.nbytes();
  Pending end;
  links_->exchange([&] { end = exchange(); });
  return [links = links_, end = std::move(end)] { links->exchange([&] { end(); }); };
}

Pending Group::sum(const at::Tensor& x) const {
  if (size_ == 1) return [] {};
  return begin(&Traffic::summed, x, [&] { return exchange_->sum(x); });
}

Pending Group::reduce_scatter(const at::Tensor& flat) const {
  if (size_ == 1) return [] {};
  return begin(&Traffic::scattered, flat, [&] { return exchange_->reduce_scatter(flat, slice(flat)); });
}

Pending Group::all_gather(const at::Tensor& flat) const {
  if (size_ == 1) return [] {};
  return begin(&Traffic::gathered, flat, [&] { return exchange_->all_gather(flat, slice(flat)); });
}

Pending Group::swap(const at::Tensor& in, const std::vector<std::int64_t>& in_parts, const at::Tensor& out,
                    const std::vector<std::int64_t>& out_parts) const {
  return begin(&Traffic::swapped, in, [&] { return exchange_->swap(in, in_parts, out, out_parts); });
}

}  // namespace film::ranks
