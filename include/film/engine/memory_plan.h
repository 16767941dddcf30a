#pragma once
namespace film {
struct LayerKeep {
  bool projections = true;
  bool attention = true;
  bool middle = true;
  bool gate_up = true;
};
}  // namespace film
