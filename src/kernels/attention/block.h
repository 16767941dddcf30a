#pragma once
// Fused attention in fp32 by one thread of a CPU: a block of query rows of one head against all of its keys. avx2.cpp and
// avx512.cpp compile the same code (block_code.h) for an instruction set each, and no header with inline functions may be
// included there: the linker could take such a function, compiled for AVX-512, for the whole program.
#include <cstdint>

namespace film::kernels::attention {

constexpr int kRows = 48;   // query rows of a block
constexpr int kKeys = 144;  // keys that are worked on at a time: their scores stay in the first cache
constexpr int kKeyUnit =
    48;  // keys are worked on in multiples of it, the last ones with some that count for nothing
constexpr int kMostHead = 256;  // head sizes: multiples of 16 up to this

// Rows of a head, H numbers each.
struct Rows {
  const float* first;
  std::int64_t stride;
  [[gnu::always_inline]] const float* operator[](std::int64_t row) const { return first + row * stride; }
};
struct WritableRows {
  float* first;
  std::int64_t stride;
  [[gnu::always_inline]] float* operator[](std::int64_t row) const { return first + row * stride; }
};

// One head of the queries and the keys that it sees: all `count`, or with `causal` those up to its own row.
struct Head {
  Rows query, key, value;
  const float *key_HK, *value_HK;  // transposed, `padded` numbers a row: count and at least kKeyUnit more
  std::int64_t padded, count;
  int size;  // H
  bool causal;
  float scale;
};

// Query rows begin to begin + rows - 1, at most kRows.
struct Block {
  std::int64_t begin;
  int rows;
};

struct Forward {
  WritableRows out;
  float* lse;  // of row r at lse[r * lse_stride]
  std::int64_t lse_stride;
};

struct Backward {
  Rows dout, out;
  const float* lse;
  std::int64_t lse_stride;
  WritableRows dquery;
  float *dkey, *dvalue;  // added to: rows of H numbers, count and at least kKeyUnit more of them
};

// Work space of a thread.
struct Scratch {
  alignas(64) float scores[kRows * kKeys], dscores[kRows * kKeys];
  alignas(64) float query[kRows * kMostHead], out[kRows * kMostHead], dout[kRows * kMostHead];
  float top[kRows], sum[kRows];
};

struct BlockKernel {
  void (*forward)(const Head&, const Block&, const Forward&, Scratch&);
  void (*backward)(const Head&, const Block&, const Backward&, Scratch&);
};
extern const BlockKernel avx2, avx512;
// For tests: that of another instruction set than the processor's best; nullptr: the best again.
void use_kernel(const BlockKernel* kernel);

}  // namespace film::kernels::attention
