#pragma once
// One linear layer without a bias, y = x W^T: the home of the model's matrix products and their gradients,
// and of adapters when they come. R rows, I inputs, O outputs.
#include <ATen/ATen.h>

namespace film::model {

using at::Tensor;

// Holds a weight, or the gradient of one: then in the type of sums, and undefined where the weight is frozen.
struct Linear {
  Tensor weight_OI;

  // out = x W^T
  void forward(const Tensor& x_RI, Tensor out_RO) const;
  Tensor forward(const Tensor& x_RI) const;
  // out = base + x W^T
  void forward_onto(const Tensor& base_RO, const Tensor& x_RI, Tensor out_RO) const;
  // The gradient of x: dx = dout W, or dx += dout W.
  void input_gradient(const Tensor& dout_RO, Tensor dx_RI) const;
  Tensor input_gradient(const Tensor& dout_RO) const;
  void add_input_gradient(const Tensor& dout_RO, Tensor dx_RI) const;
  // Of a Linear that holds gradients: adds dout^T x, the gradient of W.
  void accumulate(const Tensor& dout_RO, const Tensor& x_RI);
};

}  // namespace film::model
