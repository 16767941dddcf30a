#include "film/checkpoint/masters.h"

#include <cmath>

#include "film/base/error.h"
#include "film/kernels/kernels.h"

namespace film::checkpoint {
namespace {

struct Split {
  explicit Split(const Tensor& master)
      : high(at::empty(master.sizes(), at::kBFloat16)), remainder(at::empty(master.sizes(), at::kShort)) {
    kernels::split_master(master.to(at::kFloat), high, remainder);
  }
  Tensor high, remainder;
};

Tensor joined(const Tensor& high, const Tensor& remainder) {
  Tensor master = at::empty(high.sizes(), at::kFloat);
  kernels::join_master(high, remainder, master);
  return master;
}

// The only rounding to bf16 here: film's weight is the same whether it was split in memory or on the way.
Tensor rounded(const Tensor& x, at::ScalarType type) {
  const bool narrows = type == at::kBFloat16 && x.scalar_type() != at::kBFloat16;
  return narrows ? Split(x).high : x.to(type);
}

// The smallest and largest number are not finite where any is not: both carry NaN on.
bool all_finite(const Tensor& x) {
  if (x.numel() == 0) return true;
  const auto [low, high] = at::aminmax(x);
  return std::isfinite(low.item<double>()) && std::isfinite(high.item<double>());
}

void require_finite_to_save(const Tensor& piece, const std::string& name) {
  if (!all_finite(piece))
    throw diverged(
        "training made weights that are not finite (NaN or infinite), in tensor " + name + ": not saved",
        "lower the learning rate; the checkpoint before this one remains");
}

void require_finite_to_load(const Tensor& piece, const std::string& name, const fs::path& file) {
  if (!all_finite(piece))
    throw bad_data(
        file.string() + ": tensor " + name + " holds numbers that are not finite (NaN or infinite)",
        "the file is damaged, or its training diverged: fetch it again, or take another model");
}

Tensor elements(const Tensor& x, std::int64_t begin, std::int64_t end) {
  return x.view(-1).slice(0, begin, end);
}

}  // namespace

std::vector<Master> masters_of(const model::ParameterList& parameters,
                               const std::vector<StoredTensor>& remainders) {
  if (!remainders.empty() && remainders.size() != parameters.size())
    throw internal_error("the remainders are not those of the model's parameters");
  std::vector<Master> masters;
  for (const model::Parameter& p : parameters) {
    masters.push_back({p, std::nullopt});
    if (remainders.empty()) continue;
    const StoredTensor& remainder = remainders[masters.size() - 1];
    const TensorSource& source = remainder.source;
    if (source.name != p.name || p.shape != source.shape || source.type != at::kShort ||
        p.weight.scalar_type() != at::kBFloat16)
      throw internal_error("the remainder of " + p.name + " does not fit its weight");
    masters.back().remainder = remainder;
  }
  return masters;
}

TensorSource weight_source(const Master& m, at::ScalarType type) {
  return {m.parameter.name, type, m.parameter.shape, [m, type](std::int64_t begin, std::int64_t end) {
            const Tensor weight = elements(m.parameter.whole_weight(), begin, end).cpu();
            require_finite_to_save(weight, m.parameter.name);
            if (weight.scalar_type() == type || !m.remainder) return rounded(weight, type);
            return joined(weight, m.remainder->source.elements(begin, end)).to(type);
          }};
}

StoredTensor remainder_of(const Master& m) {
  if (m.remainder) return *m.remainder;
  const model::Parameter& p = m.parameter;
  return {
      .source = {p.name, at::kShort, p.shape,
                 [p](std::int64_t begin, std::int64_t end) {
                   return Split(elements(p.weight, begin - p.held.begin, end - p.held.begin).cpu()).remainder;
                 }},
      .write = {},
      .held = {p.held.begin, p.held.end}};
}

void set_master(const Master& m, std::int64_t begin, const Tensor& piece) {
  const model::Range held = m.parameter.held, part = overlap(held, {begin, begin + piece.numel()});
  if (part.length() == 0) return;
  const Tensor weight = elements(m.parameter.weight, part.begin - held.begin, part.end - held.begin),
               own = elements(piece, part.begin - begin, part.end - begin);
  if (!m.remainder) {
    weight.copy_(rounded(own, weight.scalar_type()));
    return;
  }
  if (piece.scalar_type() == at::kBFloat16) {  // as the model is stored: the weight is all of the master
    weight.copy_(own);
    m.remainder->write(part.begin, at::zeros(own.numel(), at::kShort));
    return;
  }
  const Split split(own);
  weight.copy_(split.high);
  m.remainder->write(part.begin, split.remainder);
}

void read_master(const Master& m, const SafetensorsFile& weights, const StateFiles* remainders) {
  const std::string& name = m.parameter.name;
  const Tensor stored = weights.tensor(name);
  const auto with_remainder = [&](const Tensor& high, std::int64_t begin, std::int64_t end) {
    const Tensor low = remainders->elements(name, stored.sizes(), begin, end);
    if (high.scalar_type() != at::kBFloat16 || low.scalar_type() != at::kShort)
      throw bad_data("the stored remainder of " + name + " does not fit its weight");
    return joined(high, low);
  };
  for_each_piece(m.parameter.held.length(), [&](std::int64_t first, std::int64_t last) {
    const std::int64_t begin = m.parameter.held.begin + first, end = m.parameter.held.begin + last;
    Tensor master = weights.elements(name, begin, end);
    if (remainders != nullptr) master = with_remainder(master, begin, end);
    require_finite_to_load(master, name, weights.path());
    set_master(m, begin, master);
  });
}

}  // namespace film::checkpoint
