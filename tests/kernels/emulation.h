#pragma once
// Stands in for nvcc, so that g++ compiles src/kernels/cuda/*.cu and a test runs their index space on the
// CPU: blocks one after the other, the threads of a block as fibers that take turns at every barrier and
// shuffle. It shows wrong indices, missing barriers that a fixed order makes visible, and barriers that not
// all reach; it says nothing about a GPU's speed or its own arithmetic.
#include <ucontext.h>

#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#define __device__
#define __global__
#define __shared__ static

namespace film::emulation {

struct Index {
  unsigned x = 0;
};
inline Index thread_at, block_at, grid;
inline unsigned most_blocks = ~0u;  // fewer than a kernel asks for: it must walk on by itself

constexpr unsigned kWarp = 32, kBlock = 256;

// Everyone waits until `count` have come.
struct Barrier {
  unsigned arrived = 0, generation = 0;
};

// The fibers of one block.
class Block {
 public:
  explicit Block(const std::function<void()>& work) : work_(work) {
    for (unsigned i = 0; i < kBlock; ++i) {
      Fiber& fiber = fibers()[i];
      fiber.done = false;
      ::getcontext(&fiber.context);
      fiber.context.uc_stack.ss_sp = fiber.stack.data();
      fiber.context.uc_stack.ss_size = fiber.stack.size();
      fiber.context.uc_link = &home_;
      ::makecontext(&fiber.context, &Block::enter, 0);
    }
  }

  // A warp runs on as far as it can, and the one that opens a barrier runs on first: so a warp that is ahead
  // writes what a slower one still has to read, if no barrier keeps it from doing so.
  void run() {
    current() = this;
    for (unsigned left = kBlock; left > 0; ++rounds_)
      for (unsigned warp = 0; warp < kBlock / kWarp; ++warp)
        for (progress_ = true; progress_;) {
          progress_ = false;
          left -= turn(warp);
          if (progress_) rounds_ = 0;
          if (rounds_ > 2 * kBlock) stuck();
        }
  }

  void wait(Barrier& barrier, unsigned count) {
    const unsigned generation = barrier.generation, me = thread_at.x;
    if (++barrier.arrived == count) {
      barrier.arrived = 0;
      ++barrier.generation;
      progress_ = true;
      return;
    }
    while (barrier.generation == generation) ::swapcontext(&fibers()[me].context, &home_);
  }

  static Block*& current() {
    static Block* block = nullptr;
    return block;
  }

  Barrier all, warps[kBlock / kWarp];
  // What lanes hand to each other: two sets, since a lane may be one shuffle ahead.
  std::uint64_t slots[2][kBlock];
  unsigned shuffles[kBlock] = {};

 private:
  struct Fiber {
    ucontext_t context;
    std::vector<char> stack = std::vector<char>(32 << 10);
    bool done = false;
  };
  static std::vector<Fiber>& fibers() {
    static std::vector<Fiber> all(kBlock);
    return all;
  }
  static void enter() {
    const unsigned me = thread_at.x;
    current()->work_();
    fibers()[me].done = true;
    current()->progress_ = true;
  }
  // Every fiber of the warp as far as the next barrier; how many ended.
  unsigned turn(unsigned warp) {
    unsigned ended = 0;
    for (unsigned i = warp * kWarp; i < (warp + 1) * kWarp; ++i) {
      if (fibers()[i].done) continue;
      thread_at.x = i;
      ::swapcontext(&home_, &fibers()[i].context);
      ended += fibers()[i].done ? 1 : 0;
    }
    return ended;
  }
  [[noreturn]] static void stuck() {
    std::fputs("a barrier that not all threads of the block or warp reach\n", stderr);
    std::abort();
  }

  const std::function<void()>& work_;
  ucontext_t home_;
  bool progress_ = false;  // a barrier opened or a thread ended
  unsigned rounds_ = 0;    // since then
};

template <class T>
T shuffle_xor(T mine, int step) {
  Block& b = *Block::current();
  const unsigned me = thread_at.x, set = b.shuffles[me]++ % 2;
  b.slots[set][me] = 0;
  __builtin_memcpy(&b.slots[set][me], &mine, sizeof(T));
  b.wait(b.warps[me / kWarp], kWarp);
  T other;
  __builtin_memcpy(&other, &b.slots[set][me ^ static_cast<unsigned>(step)], sizeof(T));
  return other;
}

}  // namespace film::emulation

#define threadIdx (::film::emulation::thread_at)
#define blockIdx (::film::emulation::block_at)
#define gridDim (::film::emulation::grid)

inline void __syncthreads() {
  auto& block = *film::emulation::Block::current();
  block.wait(block.all, film::emulation::kBlock);
}
inline void __syncwarp() {
  auto& block = *film::emulation::Block::current();
  block.wait(block.warps[film::emulation::thread_at.x / film::emulation::kWarp], film::emulation::kWarp);
}
template <class T>
T __shfl_xor_sync(unsigned, T mine, int step) {
  return film::emulation::shuffle_xor(mine, step);
}
inline float __uint_as_float(std::uint32_t bits) { return std::bit_cast<float>(bits); }
inline std::uint16_t __bfloat16_as_ushort(std::uint16_t bits) { return bits; }
inline std::uint16_t __float2bfloat16_rn(float x) {
  const auto u = std::bit_cast<std::uint32_t>(x);
  if ((u & 0x7fffffffu) > 0x7f800000u) return 0x7fff;  // NaN
  return static_cast<std::uint16_t>((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
}

namespace film::cuda {

template <class... Parameters, class Stream, class... Arguments>
void launch_flat(void (*kernel)(Parameters...), unsigned blocks, Stream, Arguments... arguments) {
  emulation::grid.x = std::min(blocks, emulation::most_blocks);
  for (emulation::block_at.x = 0; emulation::block_at.x < emulation::grid.x; ++emulation::block_at.x)
    for (emulation::thread_at.x = 0; emulation::thread_at.x < emulation::kBlock; ++emulation::thread_at.x)
      kernel(arguments...);
}

template <class... Parameters, class Stream, class... Arguments>
void launch_cooperative(void (*kernel)(Parameters...), unsigned blocks, Stream, Arguments... arguments) {
  emulation::grid.x = std::min(blocks, emulation::most_blocks);
  const std::function<void()> work = [&] { kernel(arguments...); };
  for (emulation::block_at.x = 0; emulation::block_at.x < emulation::grid.x; ++emulation::block_at.x)
    emulation::Block(work).run();
}

}  // namespace film::cuda
