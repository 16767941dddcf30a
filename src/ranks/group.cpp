#include "film/ranks/group.h"

#include <algorithm>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include "links.h"

namespace film::ranks {
namespace {

int place_in(const std::vector<int>& members, const Links& links) {
  return static_cast<int>(std::ranges::find(members, links.rank) - members.begin());
}

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

Group::Group(Links& links, Exchange& exchange, std::vector<int> members)
    : links_(&links),
      members_(std::move(members)),
      rank_(place_in(members_, links)),
      size_(static_cast<int>(members_.size())),
      exchange_(&exchange) {}

Group::Group(Links& links, const std::string& name, std::vector<int> members)
    : links_(&links),
      members_(std::move(members)),
      rank_(place_in(members_, links)),
      size_(static_cast<int>(members_.size())) {
  if (size_ == 1) return;
  own_ = open_exchange(links, name, rank_, size_);
  exchange_ = own_.get();
}

Group::~Group() = default;

at::Tensor Group::slice(const at::Tensor& flat) const {
  const std::int64_t length = flat.numel() / size_;
  if (flat.numel() != length * size_)
    throw internal_error("a buffer that does not divide by the number of ranks");
  return flat.narrow(0, rank_ * length, length);
}

template <class Begin>
Pending Group::begin(std::uint64_t& counter, const at::Tensor& x, Begin exchange) {
  counter += x.nbytes();
  Pending end;
  links_->exchange([&] { end = exchange(); });
  return [links = links_, end = std::move(end)] { links->exchange([&] { end(); }); };
}

std::vector<double> Group::add_up(const std::vector<double>& numbers) {
  if (size_ == 1) return numbers;
  const at::Tensor x = at::tensor(numbers, at::kDouble).to(links_->device.value_or(at::kCPU));
  links_->exchange([&] { exchange_->sum(x)(); });
  const at::Tensor sums = x.cpu();
  return {sums.const_data_ptr<double>(), sums.const_data_ptr<double>() + sums.numel()};
}

Pending Group::sum(const at::Tensor& x) {
  if (size_ == 1) return [] {};
  return begin(links_->traffic.summed, x, [&] { return exchange_->sum(x); });
}

Pending Group::reduce_scatter(const at::Tensor& flat) {
  if (size_ == 1) return [] {};
  return begin(links_->traffic.scattered, flat, [&] { return exchange_->reduce_scatter(flat, slice(flat)); });
}

Pending Group::all_gather(const at::Tensor& flat) {
  if (size_ == 1) return [] {};
  return begin(links_->traffic.gathered, flat, [&] { return exchange_->all_gather(flat, slice(flat)); });
}

Pending Group::swap(const at::Tensor& in, const std::vector<std::int64_t>& in_parts, const at::Tensor& out,
                    const std::vector<std::int64_t>& out_parts) {
  if (size_ == 1) {
    at::Tensor(out).copy_(in.view_as(out));
    return [] {};
  }
  return begin(links_->traffic.swapped, in, [&] { return exchange_->swap(in, in_parts, out, out_parts); });
}

}  // namespace film::ranks
