#include "film/kernels/nccl.h"

#include <fmt/format.h>

#include <exception>

#include "cuda_library.h"
#include "film/base/error.h"
#include "on_cuda.h"

namespace film::kernels {
namespace {

void require_nccl(const char* error, const char* doing) {
  if (error != nullptr)
    throw os_error(
        fmt::format("NCCL: {}: {}", doing, error),
        "run once more with NCCL_DEBUG=INFO in the environment: NCCL then says which link or GPU fails");
}

cuda::Stream stream_of(const Tensor& x) { return cuda_library().stream(x.device().index()); }

}  // namespace

NcclName new_nccl_name() {
  NcclName name{};
  require_nccl(cuda_library().nccl_name(name.data()), "making a group");
  return name;
}

NcclGroup::NcclGroup(const at::Device& device, const NcclName& name, int rank, int ranks) {
  require_nccl(cuda_library().nccl_open(&group_, name.data(), device.index(), rank, ranks),
               "joining the group");
}

// Where an error unwinds the stack the other ranks may have begun something that this one never will: an orderly end would
// wait for it.
NcclGroup::~NcclGroup() {
  if (std::uncaught_exceptions() > 0)
    cuda_library().nccl_abort(group_);
  else
    cuda_library().nccl_close(group_);
}

void NcclGroup::sum(const Tensor& x) const {
  require_nccl(cuda_library().nccl_sum(group_, x.mutable_data_ptr(), x.numel(), type_of(x), stream_of(x)),
               "all-reduce");
}

void NcclGroup::reduce_scatter(const Tensor& flat, const Tensor& own) const {
  require_nccl(cuda_library().nccl_reduce_scatter(group_, flat.const_data_ptr(), own.mutable_data_ptr(),
                                                  own.numel(), type_of(own), stream_of(own)),
               "reduce-scatter");
}

void NcclGroup::all_gather(const Tensor& flat, const Tensor& own) const {
  require_nccl(cuda_library().nccl_all_gather(group_, own.const_data_ptr(), flat.mutable_data_ptr(),
                                              own.numel(), type_of(own), stream_of(own)),
               "all-gather");
}

void NcclGroup::swap(const Tensor& in, const std::vector<std::int64_t>& in_parts, const Tensor& out,
                     const std::vector<std::int64_t>& out_parts) const {
  const std::vector<cuda::Size> sent(in_parts.begin(), in_parts.end()),
      received(out_parts.begin(), out_parts.end());
  require_nccl(
      cuda_library().nccl_swap(group_, in.const_data_ptr(), sent.data(), out.mutable_data_ptr(),
                               received.data(), static_cast<int>(sent.size()), type_of(in), stream_of(in)),
      "all-to-all");
}

}  // namespace film::kernels
