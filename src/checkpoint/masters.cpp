#include "masters.h"

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

Tensor elements(const Tensor& x, std::int64_t begin, std::int64_t end) {
  return x.view(-1).slice(0, begin, end);
}

}  // namespace

std::vector<Parameter> parameters(const model::ModelTensors& weights, const engine::ModelConfig& config,
                                  const NamedTensors& remainders) {
  std::vector<Parameter> list;
  model::for_each_parameter(weights, config, [&](const std::string& name, Tensor x, model::ParameterKind) {
    list.push_back({name, x, {}});
  });
  if (remainders.empty()) return list;
  if (remainders.size() != list.size())
    throw internal_error("the remainders are not those of the model's parameters");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& [name, remainder] = remainders[i];
    if (name != list[i].name || remainder.sizes() != list[i].weight.sizes() ||
        remainder.scalar_type() != at::kShort || list[i].weight.scalar_type() != at::kBFloat16)
      throw internal_error("the remainder of " + list[i].name + " does not fit its weight");
    list[i].remainder = remainder;
  }
  return list;
}

TensorSource weight_source(const Parameter& p, at::ScalarType type) {
  return {p.name, type, p.weight.sizes().vec(), [p, type](std::int64_t begin, std::int64_t end) {
            const Tensor weight = elements(p.weight, begin, end).cpu();
            if (weight.scalar_type() == type || !p.remainder.defined()) return rounded(weight, type);
            return joined(weight, elements(p.remainder, begin, end).cpu()).to(type);
          }};
}

TensorSource remainder_source(const Parameter& p) {
  return {p.name, at::kShort, p.weight.sizes().vec(), [p](std::int64_t begin, std::int64_t end) {
            if (p.remainder.defined()) return elements(p.remainder, begin, end).cpu();
            return Split(elements(p.weight, begin, end).cpu()).remainder;
          }};
}

void read_parameter(const Parameter& p, const SafetensorsFile& weights, const SafetensorsFile* remainders) {
  if (remainders != nullptr) {
    const Tensor high = weights.tensor(p.name), low = remainders->tensor(p.name);
    if (high.scalar_type() != at::kBFloat16 || low.scalar_type() != at::kShort || high.sizes() != low.sizes())
      throw bad_data("the stored remainder of " + p.name + " does not fit its weight");
  }
  for_each_piece(p.weight.numel(), [&](std::int64_t begin, std::int64_t end) {
    Tensor master = weights.elements(p.name, begin, end);
    if (remainders != nullptr) master = joined(master, remainders->elements(p.name, begin, end));
    const Tensor weight = elements(p.weight, begin, end);
    if (!p.remainder.defined()) {
      weight.copy_(rounded(master, weight.scalar_type()));
      return;
    }
    const Split split(master);
    weight.copy_(split.high);
    elements(p.remainder, begin, end).copy_(split.remainder);
  });
}

}  // namespace film::checkpoint
