// The gradient of the embedding: rows of equal id are adjacent, and one thread adds a column of theirs in
// order. No atomics: the same bits in every run, and those of the CPU reference.
#include "device.cuh"

namespace film::cuda {
namespace {

template <class T>
__global__ void segmented_sum(const T* dx, const Size* ids, const Size* order, sum_of<T>* dembedding,
                              Size rows, Size D) {
  for (Size at = thread_number(); at < rows * D; at += thread_count()) {
    const Size first = at / D, d = at % D, id = ids[first];
    if (first > 0 && ids[first - 1] == id) continue;  // not the first of its id
    sum_of<T> sum = dembedding[id * D + d];
    for (Size t = first; t < rows && ids[t] == id; ++t) sum += value(dx[order[t] * D + d]);
    dembedding[id * D + d] = sum;
  }
}

}  // namespace

void embedding_backward(Type type, const void* dx, const Size* sorted_ids, const Size* order,
                        void* dembedding, Size rows, Size D, Stream stream) {
  if (rows * D == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    launch_flat(segmented_sum<T>, flat_blocks(rows * D), stream, static_cast<const T*>(dx), sorted_ids, order,
                static_cast<sum_of<T>*>(dembedding), rows, D);
  });
}

}  // namespace film::cuda
