#include "film/model/feed_forward.h"

#include "film/kernels/kernels.h"

namespace film {
namespace {

// One slice of rows with its temporaries.
struct Slice {
  std::int64_t begin, length;
  Tensor of(const Tensor& x) const { return x.narrow(0, begin, length); }
};

template <class Use>
void for_each_slice(std::int64_t rows, const Use& use) {
  for (std::int64_t begin = 0; begin < rows; begin += kSliceRows)
    use(Slice{begin, std::min(kSliceRows, rows - begin)});
}

Tensor temporary(const Tensor& like, std::int64_t rows, std::int64_t width) {
  return at::empty({rows, width}, like.options());
}

}  // namespace

void feed_forward(const LayerTensors& w, const ModelConfig& c, const Tensor& x_QD, Tensor& rstd_Q,
                  const Tensor& gate_up_QG, Tensor& out_QD) {
  for_each_slice(x_QD.size(0), [&](const Slice& s) {
    const Tensor x = s.of(x_QD);
    Tensor normed = at::empty_like(x), rstd = s.of(rstd_Q), out = s.of(out_QD);
    kernels::rms_norm_forward(x, w.mlp_norm_D, c.rms_norm_eps, normed, rstd);
    Tensor gate_up =
        gate_up_QG.defined() ? s.of(gate_up_QG) : temporary(x, s.length, 2 * c.intermediate_size);
    at::mm_out(gate_up, normed, w.gate_up_GD.t());
    Tensor product = temporary(x, s.length, c.intermediate_size);
    kernels::swiglu_forward(gate_up, product);
    at::addmm_out(out, x, product, w.down_DF.t());
  });
}

void feed_forward_backward(const LayerTensors& w, const ModelConfig& c, const Tensor& x_QD,
                           const Tensor& rstd_Q, const Tensor& gate_up_QG, Tensor& dout_QD, LayerTensors& g) {
  const std::int64_t F = c.intermediate_size;
  for_each_slice(x_QD.size(0), [&](const Slice& s) {
    const Tensor x = s.of(x_QD), rstd = s.of(rstd_Q);
    Tensor dout = s.of(dout_QD), normed = at::empty_like(x);
    kernels::rms_norm_again(x, w.mlp_norm_D, rstd, normed);
    const Tensor gate_up = gate_up_QG.defined() ? s.of(gate_up_QG) : at::mm(normed, w.gate_up_GD.t());
    Tensor product = temporary(x, s.length, F), dgate_up = temporary(x, s.length, 2 * F);
    kernels::swiglu_forward(gate_up, product);
    kernels::add_outer(g.down_DF, dout, product);
    at::mm_out(product, dout, w.down_DF);  // from here on the gradient of the product
    kernels::swiglu_backward(product, gate_up, dgate_up);
    kernels::add_outer(g.gate_up_GD, dgate_up, normed);
    at::mm_out(normed, dgate_up, w.gate_up_GD);  // from here on the gradient of the normed input
    kernels::rms_norm_backward(normed, x, w.mlp_norm_D, rstd, dout, g.mlp_norm_D);
  });
}

}  // namespace film
