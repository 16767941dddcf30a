// Matrix products, and the one that ATen lacks on CPU: bf16 in, added to fp32.
#include <algorithm>
#include <bit>

#include "cuda_library.h"
#include "film/kernels/kernels.h"

// MKL's, which Torch's x86 wheel carries and exports (Fortran convention: column-major, 32-bit sizes). fp32
// accumulation; uses AMX or AVX-512 BF16 where the processor has them.
extern "C" void gemm_bf16bf16f32_(const char* transpose_a, const char* transpose_b, const int* m,
                                  const int* n, const int* k, const float* alpha, const void* a,
                                  const int* lda, const void* b, const int* ldb, const float* beta, float* c,
                                  const int* ldc);

namespace film::kernels {
namespace {

constexpr std::int64_t kBlock = 1024, kStep = 64;  // rows

// The fewest rows of a block that hold so many: a power of two up to kStep, then a multiple of it.
std::int64_t block_rows(std::int64_t rows) {
  if (rows >= kStep) return (rows + kStep - 1) / kStep * kStep;
  return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(rows)));
}

Tensor with_rows(const Tensor& x, std::int64_t rows) {
  Tensor more = at::zeros({rows, x.size(1)}, x.options());
  more.narrow(0, 0, x.size(0)).copy_(x);
  return more;
}

void multiply_at_once(const Tensor& x, const Tensor& w, Tensor out, const Tensor& base) {
  if (base.defined())
    at::addmm_out(out, base, x, w);
  else
    at::mm_out(out, x, w);
}

// At most kBlock rows; where they are no block's number, zeros fill it up.
void multiply_block(const Tensor& x, const Tensor& w, Tensor out, const Tensor& base) {
  const std::int64_t rows = block_rows(x.size(0));
  if (rows == x.size(0)) return multiply_at_once(x, w, out, base);
  const Tensor more = with_rows(x, rows),
               product = base.defined() ? at::addmm(with_rows(base, rows), more, w) : at::mm(more, w);
  out.copy_(product.narrow(0, 0, x.size(0)));
}

}  // namespace

void multiply(const Tensor& x, const Tensor& w, Tensor out, const Tensor& base) {
  if (!x.is_cpu() || x.scalar_type() != at::kBFloat16) return multiply_at_once(x, w, out, base);
  const std::int64_t rows = x.size(0);
  for (std::int64_t begin = 0; begin < rows; begin += kBlock) {
    const auto part = [&](const Tensor& of) { return of.narrow(0, begin, std::min(kBlock, rows - begin)); };
    multiply_block(part(x), w, part(out), base.defined() ? part(base) : base);
  }
}

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
