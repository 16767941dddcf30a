#pragma once
// A model that ranks share: each keeps slices of weights and gradients; a layer's weights are gathered before its forward
// and again before its backward, its gradients are added up over the ranks after each backward. Embedding, norm and head
// are whole for all of a step. The next layer comes, and the last one's gradients go, while one is computed.
#include <optional>

#include "film/model/parameters.h"
#include "film/ranks/team.h"

namespace film::train {

using at::Tensor;

class GatheredModel {
 public:
  // Slices among the ranks of `group`, of zeros. copies: the ranks of other groups that have the same slices.
  GatheredModel(const engine::ModelConfig& config, const at::TensorOptions& options, ranks::Group group,
                ranks::Group copies);
  GatheredModel(const GatheredModel&) = delete;
  GatheredModel& operator=(const GatheredModel&) = delete;

  const model::ModelTensors& weights() const { return weights_.tensors; }
  const model::ModelTensors& gradients() const { return gradients_.tensors; }
  const model::ParameterList& parameters() const { return parameters_; }

  // Around the use of a layer in a pass; last: of the step's last pass, after which the slices go to the copies.
  void before_forward(std::size_t layer);
  void before_backward(std::size_t layer);
  void after_backward(std::size_t layer, bool last);
  // After the passes of a step: the slices hold the sums over all ranks.
  void finish_gradients();
  // The weights have changed: nothing that was gathered counts any more.
  void forget();

 private:
  // A layer in each buffer of weights, and of gradients.
  struct Slot {
    std::optional<std::size_t> layer = {};
    ranks::Pending pending = {};  // until it has come, or gone
    bool last = false;            // of the step's last pass
  };
  void need(std::size_t layer);
  void fetch(std::size_t layer);
  void need_ends();
  void settle(Slot& slot);
  void send_to_copies(const Tensor& slice);
  Tensor own(const Tensor& slices, std::optional<std::size_t> layer) const;

  ranks::Group group_, copies_;
  std::size_t layers_;
  engine::PartSizes sizes_;
  model::GatheredTensors weights_, gradients_;
  Tensor own_weights_, own_gradients_;
  std::vector<Slot> here_, leaving_;  // by buffer
  bool ends_here_ = false;
  std::vector<ranks::Pending> to_copies_;
  model::ParameterList parameters_;
};

}  // namespace film::train
