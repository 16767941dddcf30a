#include "film/model/linear.h"

#include "film/kernels/kernels.h"

namespace film::model {

void Linear::forward(const Tensor& x_RI, Tensor out_RO) const { at::mm_out(out_RO, x_RI, weight_OI.t()); }

Tensor Linear::forward(const Tensor& x_RI) const { return at::mm(x_RI, weight_OI.t()); }

void Linear::forward_onto(const Tensor& base_RO, const Tensor& x_RI, Tensor out_RO) const {
  at::addmm_out(out_RO, base_RO, x_RI, weight_OI.t());
}

void Linear::input_gradient(const Tensor& dout_RO, Tensor dx_RI) const {
  at::mm_out(dx_RI, dout_RO, weight_OI);
}

Tensor Linear::input_gradient(const Tensor& dout_RO) const { return at::mm(dout_RO, weight_OI); }

void Linear::add_input_gradient(const Tensor& dout_RO, Tensor dx_RI) const {
  dx_RI.addmm_(dout_RO, weight_OI);
}

void Linear::accumulate(const Tensor& dout_RO, const Tensor& x_RI) {
  if (weight_OI.defined()) kernels::accumulate_weight_gradient(weight_OI, dout_RO, x_RI);
}

}  // namespace film::model
