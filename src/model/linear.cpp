#include "film/model/linear.h"

#include "film/kernels/kernels.h"

namespace film::model {

namespace {

Tensor product(const Tensor& x_RI, const Tensor& w_IO) {
  Tensor out_RO = at::empty({x_RI.size(0), w_IO.size(1)}, x_RI.options());
  kernels::multiply(x_RI, w_IO, out_RO);
  return out_RO;
}

}  // namespace

void Linear::forward(const Tensor& x_RI, Tensor out_RO) const {
  kernels::multiply(x_RI, weight_OI.t(), out_RO);
}

Tensor Linear::forward(const Tensor& x_RI) const { return product(x_RI, weight_OI.t()); }

void Linear::forward_onto(const Tensor& base_RO, const Tensor& x_RI, Tensor out_RO) const {
  kernels::multiply(x_RI, weight_OI.t(), out_RO, base_RO);
}

void Linear::input_gradient(const Tensor& dout_RO, Tensor dx_RI) const {
  kernels::multiply(dout_RO, weight_OI, dx_RI);
}

Tensor Linear::input_gradient(const Tensor& dout_RO) const { return product(dout_RO, weight_OI); }

void Linear::add_input_gradient(const Tensor& dout_RO, Tensor dx_RI) const {
  kernels::multiply(dout_RO, weight_OI, dx_RI, dx_RI);
}

void Linear::accumulate(const Tensor& dout_RO, const Tensor& x_RI) {
  if (weight_OI.defined()) kernels::accumulate_weight_gradient(weight_OI, dout_RO, x_RI);
}

}  // namespace film::model
