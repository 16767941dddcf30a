#include "feed_forward.h"

#include <initializer_list>
#include <vector>

#include "film/kernels/kernels.h"
#include "norm.h"

namespace film::model {
namespace {

using engine::ModelConfig;

// Buffers of one slice, allocated once and used by all.
struct Buffers {
  Buffers(const Tensor& like, std::int64_t rows, std::initializer_list<std::int64_t> widths) {
    for (const std::int64_t width : widths)
      whole.push_back(at::empty({std::min(slice_rows(like), rows), width}, like.options()));
  }
  Tensor of(std::size_t i, std::int64_t rows) const { return whole[i].narrow(0, 0, rows); }
  std::vector<Tensor> whole;
};

// Some rows of the pass.
struct Slice {
  std::int64_t begin, length;
  Tensor of(const Tensor& x) const { return x.narrow(0, begin, length); }
};

template <class Use>
void for_each_slice(const Tensor& x_QD, const Use& use) {
  const std::int64_t rows = x_QD.size(0), most = slice_rows(x_QD);
  for (std::int64_t begin = 0; begin < rows; begin += most) use(Slice{begin, std::min(most, rows - begin)});
}

// Width of the buffer for products of gate and up: none where they are saved.
std::int64_t gate_up_width(const Tensor& saved, const ModelConfig& c) {
  return saved.defined() ? 0 : 2 * c.intermediate_size;
}

}  // namespace

void feed_forward(const LayerTensors& w, const ModelConfig& c, const Tensor& x_QD, Tensor& rstd_Q,
                  const Tensor& gate_up_QG, Tensor& out_QD) {
  const Buffers buffers(x_QD, x_QD.size(0),
                        {c.hidden_size, gate_up_width(gate_up_QG, c), c.intermediate_size});
  for_each_slice(x_QD, [&](const Slice& s) {
    const Tensor x = s.of(x_QD);
    Tensor normed = buffers.of(0, s.length), rstd = s.of(rstd_Q),
           gate_up = gate_up_QG.defined() ? s.of(gate_up_QG) : buffers.of(1, s.length),
           product = buffers.of(2, s.length);
    kernels::rms_norm_forward(x, w.mlp_norm_D, c.rms_norm_eps, normed, rstd);
    w.gate_up.forward(normed, gate_up);
    kernels::swiglu_forward(gate_up, product);
    w.down.forward_onto(x, product, s.of(out_QD));
  });
}

void feed_forward_backward(const LayerTensors& w, const ModelConfig& c, const Tensor& x_QD,
                           const Tensor& rstd_Q, const Tensor& gate_up_QG, Tensor& dout_QD, LayerTensors& g) {
  const std::int64_t F = c.intermediate_size;
  const Buffers buffers(x_QD, x_QD.size(0), {c.hidden_size, gate_up_width(gate_up_QG, c), F, 2 * F});
  for_each_slice(x_QD, [&](const Slice& s) {
    const Tensor x = s.of(x_QD), rstd = s.of(rstd_Q);
    Tensor dout = s.of(dout_QD), normed = buffers.of(0, s.length),
           gate_up = gate_up_QG.defined() ? s.of(gate_up_QG) : buffers.of(1, s.length),
           product = buffers.of(2, s.length), dgate_up = buffers.of(3, s.length);
    kernels::rms_norm_recompute(x, w.mlp_norm_D, rstd, normed);
    if (!gate_up_QG.defined()) w.gate_up.forward(normed, gate_up);
    w.down.input_gradient(dout, product);                  // the gradient of the product,
    kernels::swiglu_backward(product, gate_up, dgate_up);  // and from here on the product itself
    g.down.accumulate(dout, product);
    g.gate_up.accumulate(dgate_up, normed);
    w.gate_up.input_gradient(dgate_up, normed);  // from here on the gradient of the normed input
    norm_backward(normed, x, w.mlp_norm_D, rstd, dout, g.mlp_norm_D);
  });
}

}  // namespace film::model
