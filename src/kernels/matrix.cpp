// The one matrix product that ATen lacks on CPU: bf16 in, added to fp32.
#include "cuda_library.h"
#include "film/kernels/kernels.h"

// MKL's, which Torch's x86 wheel carries and exports (Fortran convention: column-major, 32-bit sizes). fp32
// accumulation; uses AMX or AVX-512 BF16 where the processor has them.
extern "C" void gemm_bf16bf16f32_(const char* transpose_a, const char* transpose_b, const int* m,
                                  const int* n, const int* k, const float* alpha, const void* a,
                                  const int* lda, const void* b, const int* ldb, const float* beta, float* c,
                                  const int* ldc);

namespace film::kernels {

void accumulate_weight_gradient(Tensor& sum_OI, const Tensor& a_RO, const Tensor& b_RI) {
  if (a_RO.size(0) == 0) return;  // libraries differ in what they make of products without rows
  if (a_RO.scalar_type() != at::kBFloat16) {
    sum_OI.addmm_(a_RO.t(), b_RI);
    return;
  }
  if (a_RO.is_cuda())
    return cuda_library().accumulate_weight_gradient(
        sum_OI.mutable_data_ptr<float>(), sum_OI.stride(0), a_RO.const_data_ptr(), a_RO.stride(0),
        b_RI.const_data_ptr(), b_RI.stride(0), a_RO.size(1), b_RI.size(1), a_RO.size(0));
  // Row-major [O, I] is column-major [I, O]: sum^T += b^T a.
  const auto as_int = [](std::int64_t n) { return static_cast<int>(n); };
  const int O = as_int(a_RO.size(1)), I = as_int(b_RI.size(1)), R = as_int(a_RO.size(0));
  const int stride_a = as_int(a_RO.stride(0)), stride_b = as_int(b_RI.stride(0)),
            stride_sum = as_int(sum_OI.stride(0));
  const float one = 1;
  gemm_bf16bf16f32_("N", "T", &I, &O, &R, &one, b_RI.const_data_ptr(), &stride_b, a_RO.const_data_ptr(),
                    &stride_a, &one, sum_OI.mutable_data_ptr<float>(), &stride_sum);
}

}  // namespace film::kernels
