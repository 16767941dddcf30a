#include "on_cuda.h"

namespace film::kernels {

cuda::Type type_of(const Tensor& x) {
  switch (x.scalar_type()) {
    case at::kFloat:
      return cuda::Type::float32;
    case at::kBFloat16:
      return cuda::Type::bfloat16;
    case at::kDouble:
      return cuda::Type::float64;
    default:
      TORCH_CHECK(false, "no kernel for tensors of ", x.scalar_type());
  }
}

namespace {

// Kernels read rows that follow one another.
const void* in(const Tensor& x) {
  TORCH_INTERNAL_ASSERT(x.is_contiguous());
  return x.const_data_ptr();
}
void* out(const Tensor& x) {
  TORCH_INTERNAL_ASSERT(x.is_contiguous());
  return x.mutable_data_ptr();
}
cuda::Strides strides(const Tensor& x_qN) { return {x_qN.stride(0), x_qN.stride(1)}; }

}  // namespace

void OnCuda::rms_norm_forward(const Tensor& x, const Tensor& w, double eps, Tensor& y, Tensor& rstd) const {
  launchers.rms_norm_forward(type_of(x), in(x), in(w), eps, out(y), out(rstd), x.size(0), x.size(1), stream);
}

void OnCuda::rms_norm_recompute(const Tensor& x, const Tensor& w, const Tensor& rstd, Tensor& y) const {
  launchers.rms_norm_recompute(type_of(x), in(x), in(w), in(rstd), out(y), x.size(0), x.size(1), stream);
}

void OnCuda::rms_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& w, const Tensor& rstd,
                               Tensor& dx, Tensor& dw) const {
  const Tensor partials = at::empty({cuda::kNormParts, x.size(1)}, dw.options());
  launchers.rms_norm_backward(type_of(x), in(dy), in(x), in(w), in(rstd), out(dx), out(dw), out(partials),
                              x.size(0), x.size(1), stream);
}

void OnCuda::rope(const Tensor& x, const Tensor& cos, const Tensor& sin, bool inverse) const {
  TORCH_INTERNAL_ASSERT(x.stride(2) == 1);
  launchers.rope(type_of(x), x.mutable_data_ptr(), x.stride(0), x.stride(1), in(cos), in(sin), inverse,
                 x.size(0), x.size(1), x.size(2) / 2, stream);
}

void OnCuda::swiglu_forward(const Tensor& gate_up, Tensor& product) const {
  launchers.swiglu_forward(type_of(product), in(gate_up), out(product), product.size(0), product.size(1),
                           stream);
}

void OnCuda::swiglu_backward(Tensor& dout, const Tensor& gate_up, Tensor& dgate_up) const {
  launchers.swiglu_backward(type_of(dout), out(dout), in(gate_up), out(dgate_up), dout.size(0), dout.size(1),
                            stream);
}

void OnCuda::cross_entropy(Tensor& logits, const Tensor& targets, const Tensor& weights, Tensor& loss,
                           Tensor& correct) const {
  launchers.cross_entropy(type_of(logits), out(logits), targets.const_data_ptr<std::int64_t>(), in(weights),
                          out(loss), correct.mutable_data_ptr<std::uint8_t>(), logits.size(0), logits.size(1),
                          stream);
}

void OnCuda::merge_attention(const Tensor& whole, const Tensor& lse, const Tensor& part,
                             const Tensor& part_lse) const {
  TORCH_INTERNAL_ASSERT(whole.stride(2) == 1 && part.stride(2) == 1);
  launchers.merge_attention(type_of(whole), whole.mutable_data_ptr(), strides(whole), lse.mutable_data_ptr(),
                            strides(lse), part.const_data_ptr(), strides(part), part_lse.const_data_ptr(),
                            strides(part_lse), whole.size(0), whole.size(1), whole.size(2), stream);
}

void OnCuda::embedding_backward(const Tensor& dx, const Tensor& ids, Tensor& dembedding) const {
  const auto [sorted, order] = at::sort(ids, /*stable=*/true, /*dim=*/0, /*descending=*/false);
  launchers.embedding_backward(type_of(dx), in(dx), sorted.const_data_ptr<std::int64_t>(),
                               order.const_data_ptr<std::int64_t>(), out(dembedding), dx.size(0), dx.size(1),
                               stream);
}

void OnCuda::adamw(Tensor& weight, const Tensor& gradient, Tensor& m, Tensor& v, const AdamStep& step) const {
  launchers.adamw(type_of(weight), out(weight), in(gradient), out(m), out(v), step, weight.numel(), stream);
}

void OnCuda::adamw_split(Tensor& weight, Tensor& remainder, const Tensor& gradient, Tensor& m, Tensor& v,
                         const AdamStep& step) const {
  launchers.adamw_split(out(weight), remainder.mutable_data_ptr<std::int16_t>(),
                        gradient.const_data_ptr<float>(), m.mutable_data_ptr<float>(),
                        v.mutable_data_ptr<float>(), step, weight.numel(), stream);
}

void OnCuda::split_master(const Tensor& master, Tensor& high, Tensor& remainder) const {
  launchers.split_master(master.const_data_ptr<float>(), out(high),
                         remainder.mutable_data_ptr<std::int16_t>(), master.numel(), stream);
}

void OnCuda::join_master(const Tensor& high, const Tensor& remainder, Tensor& master) const {
  launchers.join_master(in(high), remainder.const_data_ptr<std::int16_t>(), master.mutable_data_ptr<float>(),
                        master.numel(), stream);
}

double OnCuda::squared_norm(const std::vector<Tensor>& list) const {
  if (list.empty()) return 0;
  std::int64_t blocks = 0;
  for (const Tensor& x : list) blocks = std::max(blocks, cuda::norm_blocks(x.numel()));
  const auto doubles = list.front().options().dtype(at::kDouble);
  const Tensor partials = at::empty({blocks}, doubles), sum = at::zeros({}, doubles);
  for (const Tensor& x : list)
    launchers.squared_norm(type_of(x), in(x), partials.mutable_data_ptr<double>(),
                           sum.mutable_data_ptr<double>(), x.numel(), stream);
  return sum.item<double>();
}

}  // namespace film::kernels
