#pragma once
// A model's tensors, one after the other, wherever they are put.
#include "film/model/tensors.h"

namespace film::model {

using Allocate = std::function<Tensor(at::IntArrayRef shape)>;

// ends: of embedding, norm and head. layer: asked once for each layer.
ModelTensors make_tensors(const engine::ModelConfig& config, const Allocate& ends,
                          const std::function<Allocate(std::int64_t layer)>& layer);

std::int64_t aligned(std::int64_t elements, std::int64_t to = kTensorAlignment);

// Hands out views of a flat buffer, each beginning at a multiple of kTensorAlignment; what lies between them is zeroed.
class Cursor {
 public:
  explicit Cursor(const Tensor& flat) : flat_(flat) {}
  Tensor operator()(at::IntArrayRef shape);
  void zero_rest();

 private:
  Tensor flat_;
  std::int64_t next_ = 0;
};

// Counts what such views take.
class Counter {
 public:
  Tensor operator()(at::IntArrayRef shape);
  std::int64_t elements = 0;
};

}  // namespace film::model
