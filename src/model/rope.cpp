// Rotary tables. Frequencies and angles are formed in fp32 by the operations that transformers uses: in another
// precision they would differ visibly at position 32,000.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "film/model/block.h"

namespace film::model {
namespace {

using engine::ModelConfig;
using engine::RopeScaling;
using engine::RopeType;

// Wavelengths longer than the trained length are stretched, short ones left, those between blended.
Tensor llama3(const Tensor& frequency_h, const RopeScaling& s) {
  const Tensor wavelength = 2 * std::numbers::pi / frequency_h;
  const Tensor is_long = wavelength > s.original / s.low_freq_factor,
               is_short = wavelength < s.original / s.high_freq_factor;
  const Tensor scaled = at::where(is_long, frequency_h / s.factor, frequency_h);
  const Tensor smooth =
      (s.original / wavelength - s.low_freq_factor) / (s.high_freq_factor - s.low_freq_factor);
  const Tensor blended = (1 - smooth) * scaled / s.factor + smooth * scaled;
  return at::where(at::logical_or(is_long, is_short), scaled, blended);
}

// arXiv 2309.00071, section 3.2: dimensions that turn less than beta_slow times within the trained length are stretched,
// those that turn more than beta_fast times are left. period_h: theta^(2i / H).
Tensor yarn(const Tensor& period_h, const ModelConfig& c) {
  const RopeScaling& s = c.rope;
  const auto H = static_cast<double>(c.head_dim);
  const auto dimension = [&](double turns) {
    return H * std::log(s.original / (turns * 2 * std::numbers::pi)) / (2 * std::log(c.rope_theta));
  };
  double low = dimension(s.beta_fast), high = dimension(s.beta_slow);
  if (s.truncate) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, H - 1);
  if (low == high) high += 0.001;
  const Tensor stretched = ((at::arange(c.head_dim / 2, at::kFloat) - low) / (high - low)).clamp(0, 1);
  const Tensor kept = 1 - stretched;
  return 1.0 / (s.factor * period_h) * (1 - kept) + 1.0 / period_h * kept;
}

Tensor frequencies(const ModelConfig& c) {
  const Tensor power = at::arange(0, c.head_dim, 2, at::kFloat) / static_cast<double>(c.head_dim);
  const Tensor period_h = at::pow(at::Scalar(c.rope_theta), power);
  switch (c.rope.type) {
    case RopeType::linear:
      return 1.0 / period_h / c.rope.factor;
    case RopeType::llama3:
      return llama3(1.0 / period_h, c.rope);
    case RopeType::yarn:
      return yarn(period_h, c);
    case RopeType::unscaled:
      break;
  }
  return 1.0 / period_h;
}

}  // namespace

RopeTable rope_table(const std::vector<std::int64_t>& positions, const ModelConfig& config,
                     const at::TensorOptions& options) {
  const Tensor angle_Th =
      at::outer(at::tensor(positions, at::kLong).to(at::kFloat), frequencies(config)).to(options.dtype());
  RopeTable table{angle_Th.cos(), angle_Th.sin()};
  if (config.rope.attention_factor != 1) {
    table.cos_Th.mul_(config.rope.attention_factor);
    table.sin_Th.mul_(config.rope.attention_factor);
  }
  return {table.cos_Th.to(options.device()), table.sin_Th.to(options.device())};
}

}  // namespace film::model
