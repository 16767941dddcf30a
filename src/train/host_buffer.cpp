#include "host_buffer.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cerrno>

#include "film/base/error.h"

namespace film::train {

at::Tensor host_zeros(std::int64_t elements, at::ScalarType type) {
  if (elements == 0) return at::zeros({0}, type);
  const std::size_t bytes = static_cast<std::size_t>(elements) * c10::elementSize(type);
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw os_error(fmt::format("no {:.1f} GiB of host memory for the optimizer's state: {}",
                               static_cast<double>(bytes) / (1ull << 30), errno_text(errno)),
                   "--set memory.offload=disk, or a smaller model");
  ::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without it everything works
  return at::from_blob(
      memory, {elements}, [bytes](void* p) { ::munmap(p, bytes); }, at::dtype(type));
}

}  // namespace film::train
