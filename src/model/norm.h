#pragma once
// RMSNorm's backward where the weight may be frozen.
#include "film/kernels/kernels.h"

namespace film::model {

// kernels::rms_norm_backward; dw undefined: the gradient of the weight is not wanted.
inline void norm_backward(const at::Tensor& dy_TD, const at::Tensor& x_TD, const at::Tensor& w_D,
                          const at::Tensor& rstd_T, at::Tensor& dx_TD, const at::Tensor& dw_D) {
  at::Tensor sum = dw_D.defined() ? dw_D : at::zeros(w_D.sizes(), rstd_T.options());
  kernels::rms_norm_backward(dy_TD, x_TD, w_D, rstd_T, dx_TD, sum);
}

}  // namespace film::model
