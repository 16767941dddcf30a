#pragma once
// How a CPU twin meets its element type.
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>
#include <ATen/Parallel.h>

// Runs the lambda with scalar_t bound to the type of x and sum_t to the type of its sums.
#define FILM_DISPATCH(x, name, ...)                                            \
  AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, (x).scalar_type(), name, [&] { \
    using sum_t = at::opmath_type<scalar_t>;                                   \
    __VA_ARGS__();                                                             \
  })

namespace film::kernels {

// Rows that one thread takes at least: below that, starting threads costs more than it saves.
inline std::int64_t grain(std::int64_t row_cost) {
  return std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(1, row_cost));
}

}  // namespace film::kernels
