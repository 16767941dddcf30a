#pragma once
// The parameters of a model as a list, for everything that walks through all of them: optimizer, gradient
// norm, checkpoints. Weights and gradients are views of one flat buffer each, at the same elements of both,
// so that a part of the buffers can belong to one process (sharding); or a process has nothing but its part.
#include "film/model/shard_memory.h"

namespace film::model {

// Elements [begin, end) of a flat buffer.
struct Range {
  std::int64_t begin = 0, end = 0;
  std::int64_t length() const { return end - begin; }
  bool operator==(const Range&) const = default;
};
// The elements that both have; empty where they do not meet.
Range overlap(const Range& a, const Range& b);

struct Parameter {
  std::string name;  // Hugging Face's
  std::vector<std::int64_t> shape;
  Range held;       // elements of the flattened parameter that are in this process
  Range range;      // where they are in the flat buffers
  Tensor weight;    // of that shape; where only a part of it is held, that part, flat
  Tensor gradient;  // in the type of sums; undefined in a list without gradients
  ParameterKind kind = ParameterKind::linear;
  bool trained = true;  // false: frozen. Its weight stays as it is, and it has no moments in checkpoints
  // All of a weight that ranks share: asked for by all of them, in the order of the list, and valid until the next one.
  std::function<Tensor()> gather = {};

  std::int64_t numel() const { return c10::multiply_integers(shape); }
  Tensor whole_weight() const { return gather ? gather() : weight; }
};

using ParameterFilter = std::function<bool(const Parameter&)>;

class ParameterList {
 public:
  ParameterList() = default;
  // Of weights, and of gradients when these have tensors; both made by empty_tensors or zero_tensors.
  ParameterList(const engine::ModelConfig& config, const ModelTensors& weights,
                const ModelTensors& gradients = {});
  // Of one rank's slices of a model that ranks share, weights and gradients; `gathered` shows where each parameter is in
  // the parts. gather: fills the part of a layer, or of the ends.
  struct Slices {
    int rank = 0, ranks = 1;
    Tensor weights, gradients;
  };
  using GatherPart = std::function<void(std::optional<std::size_t> layer)>;
  ParameterList(const engine::ModelConfig& config, const GatheredTensors& gathered, const Slices& slices,
                const GatherPart& gather);

  const std::vector<Parameter>& all() const { return parameters_; }
  auto begin() const { return parameters_.begin(); }
  auto end() const { return parameters_.end(); }
  std::size_t size() const { return parameters_.size(); }

  // Freezes every parameter that `is_trained` refuses.
  void train_only(const ParameterFilter& is_trained);
  // Zeroes the gradients of the trained parameters.
  void zero_gradients() const;

  std::int64_t elements() const {
    return flat_weights_.defined() ? flat_weights_.numel() : 0;
  }  // of a flat buffer
  // The elements whose optimizer state `rank` of `ranks` processes keeps. The ranges of all ranks are
  // disjoint and cover the buffer; each begins and ends at a multiple of kTensorAlignment. The last ranks of
  // many may own nothing.
  Range owned(int rank, int ranks) const;
  Tensor flat_weights(const Range& range) const {
    return flat_weights_.narrow(0, range.begin, range.length());
  }
  Tensor flat_gradients(const Range& range) const {
    return flat_gradients_.narrow(0, range.begin, range.length());
  }
  at::TensorOptions options() const { return flat_weights_.options(); }  // type and device of the weights

 private:
  std::vector<Parameter> parameters_;
  Tensor flat_weights_, flat_gradients_;
};

// The gradient tensors that a backward pass has to fill: those of `gradients` with at least one trained
// parameter in them; the others are undefined, and their products are not computed.
ModelTensors trained_gradients(const ModelTensors& gradients, const ParameterList& parameters);

}  // namespace film::model
