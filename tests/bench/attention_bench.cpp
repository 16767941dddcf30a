// film's attention on a CPU beside Torch's, fp32: best of several, the two taking turns. Prints Markdown.
//
//   film_bench_attention [THREADS]      ATEN_CPU_CAPABILITY=avx2 in the environment: both without AVX-512
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "film/kernels/attention.h"

namespace film {
namespace {

using at::Tensor;

struct Shape {
  std::int64_t queries, keys, heads, key_heads, size;
};

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Times {
  double forward = 1e30, backward = 1e30;
};

Tensor heads_first(const Tensor& x) { return x.unsqueeze(0).transpose(1, 2); }

void compare(const Shape& s) {
  const bool causal = s.queries == s.keys;
  const double scale = 1 / std::sqrt(static_cast<double>(s.size));
  const Tensor q = at::randn({s.queries, s.heads, s.size}), kv = at::randn({s.keys, 2 * s.key_heads, s.size}),
               k = kv.narrow(1, 0, s.key_heads), v = kv.narrow(1, s.key_heads, s.key_heads),
               dout = at::randn_like(q);
  Times film, torch;
  const double work = static_cast<double>(s.queries * s.keys * s.heads * s.size);
  const int rounds = static_cast<int>(std::min(200.0, std::max(4.0, 1e10 / work)));
  for (int i = 0; i < rounds; ++i) {
    kernels::Attention ours;
    Tensor out, lse;
    film.forward = std::min(film.forward, seconds([&] { ours = kernels::attend(q, k, v, causal); }));
    torch.forward =
        std::min(torch.forward, seconds([&] {
                   std::tie(out, lse) = at::_scaled_dot_product_flash_attention_for_cpu(
                       heads_first(q), heads_first(k), heads_first(v), 0.0, causal, std::nullopt, scale);
                 }));
    film.backward = std::min(film.backward, seconds([&] {
                               kernels::attend_backward(dout, q, k, v, ours.out_QNH, ours.lse_QN, causal);
                             }));
    torch.backward = std::min(torch.backward, seconds([&] {
                                at::_scaled_dot_product_flash_attention_for_cpu_backward(
                                    heads_first(dout), heads_first(q), heads_first(k), heads_first(v), out,
                                    lse, 0.0, causal, std::nullopt, scale);
                              }));
  }
  std::printf("| %lld | %lld | %lld of %lld | %lld | %.2f | %.2f | %.2f | %.2f | %.2f |\n",
              static_cast<long long>(s.queries), static_cast<long long>(s.keys),
              static_cast<long long>(s.heads), static_cast<long long>(s.key_heads),
              static_cast<long long>(s.size), 1e3 * film.forward, torch.forward / film.forward,
              1e3 * film.backward, torch.backward / film.backward,
              (torch.forward + torch.backward) / (film.forward + film.backward));
  std::fflush(stdout);
}

}  // namespace
}  // namespace film

int main(int count, char** words) {
  const int threads = count > 1 ? std::atoi(words[1]) : 1;
  at::set_num_threads(threads);
  std::printf(
      "%s, %d thread(s)\n\n| queries | keys | heads | size | film forward, ms | Torch : film | film "
      "backward, ms | Torch : "
      "film | both |\n|---:|---:|---|---:|---:|---:|---:|---:|---:|\n",
      at::get_cpu_capability().c_str(), threads);
  for (const film::Shape& shape : std::initializer_list<film::Shape>{{64, 64, 4, 2, 32},
                                                                     {96, 96, 4, 2, 32},
                                                                     {128, 128, 4, 2, 32},
                                                                     {256, 256, 4, 2, 32},
                                                                     {4608, 4608, 4, 2, 32},
                                                                     {64, 4608, 4, 2, 32},
                                                                     {2048, 2048, 8, 2, 64},
                                                                     {2048, 2048, 8, 2, 128}})
    film::compare(shape);
}
