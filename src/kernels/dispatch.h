#pragma once
// How a CPU reference meets its element type.
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

// Calls use(first row, rows) for blocks of rows whose temporaries stay in a core's cache: operations of ATen
// on such a block run in the calling thread, and no temporary is ever as large as the tensor. Blocks do not
// depend on the number of threads.
template <class Use>
void for_row_blocks(std::int64_t rows, std::int64_t width, const Use& use) {
  const std::int64_t block = std::max<std::int64_t>(1, 65536 / std::max<std::int64_t>(1, width));
  at::parallel_for(0, (rows + block - 1) / block, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) use(b * block, std::min(block, rows - b * block));
  });
}

}  // namespace film::kernels
