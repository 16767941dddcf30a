// The code of a block, compiled once for each instruction set by a file that has defined kLanes (floats in a vector),
// kScoreRows x kScoreVectors and kOutRows x kOutVectors (sizes of the products that are kept in registers).
//
// Scores of kRows queries and up to kKeys keys at a time, S = scale Q K^T; with the log-sum-exp L of a row (Dao et al. 2022,
// arXiv 2205.14135, algorithms 1 and 4): P = exp(S - L), O = P V, dV = P^T dO, dP = dO V^T,
// dS = P (dP - rowsum(dO O)), dQ = scale dS K, dK = dS^T scale Q.
#include "block.h"

namespace film::kernels::attention {
namespace {

using Vector = float __attribute__((vector_size(kLanes * 4)));
using Integers = std::int32_t __attribute__((vector_size(kLanes * 4)));
using Unaligned = float __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }
inline void store(float* to, Vector x) { *reinterpret_cast<Unaligned*>(to) = x; }
inline int smaller(std::int64_t a, int b) { return a < b ? static_cast<int>(a) : b; }
inline int rounded_up(int n, int unit) { return (n + unit - 1) / unit * unit; }

// e^x to 2 ulp for x <= 0, and exactly 0 below -87; NaN, of any payload, stays NaN. 2^n e^r with |r| <= ln 2 / 2, by the
// polynomial of Cephes' expf.
inline Vector exponential(Vector x) {
  constexpr float kToInteger =
      12582912 + 127;  // 1.5 * 2^23: sums with it are whole, and end in the exponent of 2^n
  const Vector shifted = x * 1.44269504088896341f + kToInteger;
  const Vector whole = shifted - kToInteger;
  const Vector r = x - whole * 0.693359375f - whole * -2.12194440e-4f;
  Vector p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const Vector y = p * r * r + r + 1.0f;
  const auto power = reinterpret_cast<Vector>(reinterpret_cast<Integers>(shifted) << 23);
  return x < -87.0f ? Vector{} : y * power;
}

inline float total(Vector x) {
  float sum = 0;
  for (int i = 0; i < kLanes; ++i) sum += x[i];
  return sum;
}

inline float largest(Vector x) {
  float most = x[0];
  for (int i = 1; i < kLanes; ++i) most = x[i] > most ? x[i] : most;
  return most;
}

// Which elements a product reads: element (r, k) of the left factor is at r * row + k * column.
struct Left {
  const float* first;
  std::int64_t row, column;
};

// R rows and W vectors of out = left right, or added to it; all sums in registers.
template <int R, int W>
inline void product_tile(const Left& left, const float* right, std::int64_t right_stride, int depth,
                         float* out, std::int64_t out_stride, bool add) {
  Vector sum[R][W];
  for (int r = 0; r < R; ++r)
    for (int w = 0; w < W; ++w) sum[r][w] = add ? load(out + r * out_stride + w * kLanes) : Vector{};
  for (int k = 0; k < depth; ++k) {
    Vector x[W];
    for (int w = 0; w < W; ++w) x[w] = load(right + k * right_stride + w * kLanes);
    for (int r = 0; r < R; ++r) {
      const float y = left.first[r * left.row + k * left.column];
      for (int w = 0; w < W; ++w) sum[r][w] += x[w] * y;
    }
  }
  for (int r = 0; r < R; ++r)
    for (int w = 0; w < W; ++w) store(out + r * out_stride + w * kLanes, sum[r][w]);
}

// rows: a multiple of R; columns: of kLanes.
template <int R, int W>
void product(const Left& left, const float* right, std::int64_t right_stride, int rows, int columns,
             int depth, float* out, std::int64_t out_stride, bool add) {
  const auto tiles = [&](auto&& tile, int column) {
    for (int r = 0; r < rows; r += R)
      tile({left.first + r * left.row, left.row, left.column}, right + column, right_stride, depth,
           out + r * out_stride + column, out_stride, add);
  };
  int column = 0;
  for (; column + W * kLanes <= columns; column += W * kLanes) tiles(product_tile<R, W>, column);
  for (; column < columns; column += kLanes) tiles(product_tile<R, 1>, column);
}

// Rows of a block side by side, those that it lacks as zeros.
void gather(Rows from, const Block& block, int size, float factor, float* to) {
  for (int r = 0; r < kRows; ++r)
    for (int h = 0; h < size; ++h) to[r * size + h] = r < block.rows ? from[block.begin + r][h] * factor : 0;
}

// Keys of a block: those from `begin` on that are worked on together.
struct Keys {
  std::int64_t begin;
  int seen;   // by any row of the block
  int count;  // worked on: a multiple of kKeyUnit
};

template <class Work>
void for_keys(const Head& head, const Block& block, const Work& work) {
  const std::int64_t end = head.causal ? block.begin + block.rows : head.count;
  for (std::int64_t begin = 0; begin < end; begin += kKeys) {
    const int seen = smaller(end - begin, kKeys);
    work(Keys{begin, seen, rounded_up(seen, kKeyUnit)});
  }
}

// What a row does not see has the score -inf.
void hide(const Head& head, const Block& block, const Keys& keys, float* scores) {
  const std::int64_t all_see = head.causal ? block.begin + 1 : head.count;
  if (keys.begin + keys.count <= all_see) return;
  for (int r = 0; r < kRows; ++r) {
    const std::int64_t end =
        head.causal && block.begin + r + 1 < head.count ? block.begin + r + 1 : head.count;
    for (int k = end > keys.begin ? static_cast<int>(end - keys.begin) : 0; k < keys.count; ++k)
      scores[r * kKeys + k] = -__builtin_inff();
  }
}

void scores_of(const Head& head, const Block& block, const Keys& keys, Scratch& s) {
  product<kScoreRows, kScoreVectors>({s.query, head.size, 1}, head.key_HK + keys.begin, head.padded, kRows,
                                     keys.count, head.size, s.scores, kKeys, false);
  hide(head, block, keys, s.scores);
}

// Scores of a row become exp(score - highest so far); its sum and its output so far are brought to that highest.
void softmax_row(int r, int keys, int size, Scratch& s) {
  float* scores = s.scores + r * kKeys;
  Vector top = load(scores);
  for (int k = kLanes; k < keys; k += kLanes) {
    const Vector x = load(scores + k);
    top = x > top ? x : top;
  }
  const float before = s.top[r], now = largest(top) > before ? largest(top) : before;
  Vector sum{};
  for (int k = 0; k < keys; k += kLanes) {
    const Vector share = exponential(load(scores + k) - now);
    sum += share;
    store(scores + k, share);
  }
  const float factor = now == before ? 1 : __builtin_expf(before - now);
  s.sum[r] = s.sum[r] * factor + total(sum);
  s.top[r] = now;
  if (factor != 1)
    for (int h = 0; h < size; ++h) s.out[r * size + h] *= factor;
}

void forward(const Head& head, const Block& block, const Forward& to, Scratch& s) {
  const int H = head.size;
  gather(head.query, block, H, head.scale, s.query);
  for (int i = 0; i < kRows * H; ++i) s.out[i] = 0;
  for (int r = 0; r < kRows; ++r) {
    s.top[r] = -__builtin_inff();
    s.sum[r] = 0;
  }
  for_keys(head, block, [&](const Keys& keys) {
    scores_of(head, block, keys, s);
    for (int r = 0; r < kRows; ++r) softmax_row(r, keys.count, H, s);
    product<kOutRows, kOutVectors>({s.scores, kKeys, 1}, head.value[keys.begin], head.value.stride, kRows, H,
                                   keys.seen, s.out, H, true);
  });
  for (int r = 0; r < block.rows; ++r) {
    const float inverse = 1 / s.sum[r];
    for (int h = 0; h < H; ++h) to.out[block.begin + r][h] = s.out[r * H + h] * inverse;
    to.lse[(block.begin + r) * to.lse_stride] = s.top[r] + __builtin_logf(s.sum[r]);
  }
}

void backward(const Head& head, const Block& block, const Backward& to, Scratch& s) {
  const int H = head.size;
  float *const lse = s.top, *const delta = s.sum, *const dquery = s.out;
  gather(head.query, block, H, head.scale, s.query);
  gather(to.dout, block, H, 1, s.dout);
  for (int i = 0; i < kRows * H; ++i) dquery[i] = 0;
  for (int r = 0; r < kRows; ++r) {
    lse[r] = delta[r] = 0;
    if (r >= block.rows) continue;
    lse[r] = to.lse[(block.begin + r) * to.lse_stride];
    for (int h = 0; h < H; ++h) delta[r] += s.dout[r * H + h] * to.out[block.begin + r][h];
  }
  for_keys(head, block, [&](const Keys& keys) {
    scores_of(head, block, keys, s);
    product<kScoreRows, kScoreVectors>({s.dout, H, 1}, head.value_HK + keys.begin, head.padded, kRows,
                                       keys.count, H, s.dscores, kKeys, false);
    for (int r = 0; r < kRows; ++r)
      for (int k = r * kKeys; k < r * kKeys + keys.count; k += kLanes) {
        const Vector share = exponential(load(s.scores + k) - lse[r]);
        store(s.scores + k, share);
        store(s.dscores + k, share * (load(s.dscores + k) - delta[r]));
      }
    product<kOutRows, kOutVectors>({s.scores, 1, kKeys}, s.dout, H, keys.count, H, kRows,
                                   to.dvalue + keys.begin * H, H, true);
    product<kOutRows, kOutVectors>({s.dscores, 1, kKeys}, s.query, H, keys.count, H, kRows,
                                   to.dkey + keys.begin * H, H, true);
    product<kOutRows, kOutVectors>({s.dscores, kKeys, 1}, head.key[keys.begin], head.key.stride, kRows, H,
                                   keys.seen, dquery, H, true);
  });
  for (int r = 0; r < block.rows; ++r)
    for (int h = 0; h < H; ++h) to.dquery[block.begin + r][h] = dquery[r * H + h] * head.scale;
}

}  // namespace
}  // namespace film::kernels::attention
