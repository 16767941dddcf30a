#pragma once
// From tensors to the CUDA launchers: the functions of kernels.h for tensors on a GPU.
#include <vector>

#include "cuda/launchers.h"
#include "film/kernels/kernels.h"

namespace film::kernels {

// The type of a tensor's elements for the library. Throws c10::Error: it has no kernel for them.
cuda::Type type_of(const Tensor& x);

struct OnCuda {
  cuda::Launchers launchers;
  cuda::Stream stream;

  void rms_norm_forward(const Tensor& x_TD, const Tensor& w_D, double eps, Tensor& y_TD,
                        Tensor& rstd_T) const;
  void rms_norm_recompute(const Tensor& x_TD, const Tensor& w_D, const Tensor& rstd_T, Tensor& y_TD) const;
  void rms_norm_backward(const Tensor& dy_TD, const Tensor& x_TD, const Tensor& w_D, const Tensor& rstd_T,
                         Tensor& dx_TD, Tensor& dw_D) const;
  void rope(const Tensor& x_TNH, const Tensor& cos_Th, const Tensor& sin_Th, bool inverse) const;
  void swiglu_forward(const Tensor& gate_up_TG, Tensor& out_TF) const;
  void swiglu_backward(Tensor& dout_TF, const Tensor& gate_up_TG, Tensor& dgate_up_TG) const;
  void cross_entropy(Tensor& logits_RV, const Tensor& targets_R, const Tensor& weights_R, Tensor& loss_R,
                     Tensor& correct_R) const;
  void merge_attention(const Tensor& out_qNH, const Tensor& lse_qN, const Tensor& part_qNH,
                       const Tensor& part_lse_qN) const;
  void embedding_backward(const Tensor& dx_TD, const Tensor& ids_T, Tensor& dembedding_VD) const;
  void adamw(Tensor& weight, const Tensor& gradient, Tensor& m, Tensor& v, const AdamStep& step) const;
  void adamw_split(Tensor& weight, Tensor& remainder, const Tensor& gradient, Tensor& m, Tensor& v,
                   const AdamStep& step) const;
  void split_master(const Tensor& master, Tensor& high, Tensor& remainder) const;
  void join_master(const Tensor& high, const Tensor& remainder, Tensor& master) const;
  double squared_norm(const std::vector<Tensor>& list) const;  // waits for the GPU, once
};

}  // namespace film::kernels
