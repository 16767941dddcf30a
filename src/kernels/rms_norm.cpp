#include <cmath>

#include "cuda_library.h"
#include "dispatch.h"
#include "film/kernels/kernels.h"

namespace film::kernels {

at::ScalarType opmath_type(const Tensor& x) {
  return x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

namespace {

template <class scalar_t, class sum_t>
void scale_row(const scalar_t* x, const scalar_t* w, sum_t rstd, scalar_t* y, std::int64_t D) {
  for (std::int64_t d = 0; d < D; ++d)
    y[d] = static_cast<scalar_t>(static_cast<sum_t>(x[d]) * rstd * static_cast<sum_t>(w[d]));
}

}  // namespace

void rms_norm_forward(const Tensor& x_TD, const Tensor& w_D, double eps, Tensor& y_TD, Tensor& rstd_T) {
  if (x_TD.is_cuda()) return on_cuda(x_TD).rms_norm_forward(x_TD, w_D, eps, y_TD, rstd_T);
  const std::int64_t D = x_TD.size(1);
  FILM_DISPATCH(x_TD, "rms_norm_forward", [&] {
    const auto* x = x_TD.const_data_ptr<scalar_t>();
    const auto* w = w_D.const_data_ptr<scalar_t>();
    auto* y = y_TD.mutable_data_ptr<scalar_t>();
    auto* rstd = rstd_T.mutable_data_ptr<sum_t>();
    at::parallel_for(0, x_TD.size(0), grain(D), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = begin; t < end; ++t) {
        sum_t sum = 0;
        for (std::int64_t d = 0; d < D; ++d) {
          const auto value = static_cast<sum_t>(x[t * D + d]);
          sum += value * value;
        }
        rstd[t] = 1 / std::sqrt(sum / static_cast<sum_t>(D) + static_cast<sum_t>(eps));
        scale_row(x + t * D, w, rstd[t], y + t * D, D);
      }
    });
  });
}

void rms_norm_recompute(const Tensor& x_TD, const Tensor& w_D, const Tensor& rstd_T, Tensor& y_TD) {
  if (x_TD.is_cuda()) return on_cuda(x_TD).rms_norm_recompute(x_TD, w_D, rstd_T, y_TD);
  const std::int64_t D = x_TD.size(1);
  FILM_DISPATCH(x_TD, "rms_norm_recompute", [&] {
    const auto* x = x_TD.const_data_ptr<scalar_t>();
    const auto* w = w_D.const_data_ptr<scalar_t>();
    const auto* rstd = rstd_T.const_data_ptr<sum_t>();
    auto* y = y_TD.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x_TD.size(0), grain(D), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = begin; t < end; ++t) scale_row(x + t * D, w, rstd[t], y + t * D, D);
    });
  });
}

// With n = x * rstd: dn = dy * w, dx = rstd * (dn - n * mean(dn * n)), dw = sum over t of dy * n.
void rms_norm_backward(const Tensor& dy_TD, const Tensor& x_TD, const Tensor& w_D, const Tensor& rstd_T,
                       Tensor& dx_TD, Tensor& dw_D) {
  if (x_TD.is_cuda()) return on_cuda(x_TD).rms_norm_backward(dy_TD, x_TD, w_D, rstd_T, dx_TD, dw_D);
  const std::int64_t T = x_TD.size(0), D = x_TD.size(1);
  FILM_DISPATCH(x_TD, "rms_norm_backward", [&] {
    const auto* dy = dy_TD.const_data_ptr<scalar_t>();
    const auto* x = x_TD.const_data_ptr<scalar_t>();
    const auto* w = w_D.const_data_ptr<scalar_t>();
    const auto* rstd = rstd_T.const_data_ptr<sum_t>();
    auto* dx = dx_TD.mutable_data_ptr<scalar_t>();
    auto* dw = dw_D.mutable_data_ptr<sum_t>();
    at::parallel_for(0, T, grain(D), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = begin; t < end; ++t) {
        sum_t dot = 0;
        for (std::int64_t i = t * D; i < (t + 1) * D; ++i)
          dot += static_cast<sum_t>(dy[i]) * static_cast<sum_t>(w[i - t * D]) * static_cast<sum_t>(x[i]);
        const sum_t r = rstd[t], share = dot * r * r / static_cast<sum_t>(D);
        for (std::int64_t i = t * D; i < (t + 1) * D; ++i) {
          const sum_t dn = static_cast<sum_t>(dy[i]) * static_cast<sum_t>(w[i - t * D]);
          dx[i] =
              static_cast<scalar_t>(static_cast<sum_t>(dx[i]) + r * (dn - static_cast<sum_t>(x[i]) * share));
        }
      }
    });
    // Columns in parallel, rows in order: the sum does not depend on the number of threads.
    at::parallel_for(0, D, grain(T), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = 0; t < T; ++t)
        for (std::int64_t d = begin; d < end; ++d)
          dw[d] += static_cast<sum_t>(dy[t * D + d]) * static_cast<sum_t>(x[t * D + d]) * rstd[t];
    });
  });
}

}  // namespace film::kernels
