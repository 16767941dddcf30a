#pragma once
// The time of a run before it starts: its arithmetic and its traffic, and how fast a device does each.
#include "film/engine/memory_plan.h"

namespace film::engine {

// Rows of all passes of a run, padding included, and the pairs of rows that attention computes.
struct RunRows {
  double rows = 0, answer_rows = 0;
  double visible = 0;         // in all layers but the last
  double answer_visible = 0;  // in the last layer, whose queries are answer rows
  double passes = 0, steps = 0;
};

// Floating-point operations and bytes.
struct RunWork {
  double products = 0;          // forward, gradients of inputs, and what is computed again
  double weight_gradients = 0;  // added to fp32 sums
  double attention_forward = 0, attention_backward = 0;
  double recomputed = 0;  // part of `products` and `attention_forward`
  double memory = 0;      // bytes that everything else moves: norms, rotary positions, SwiGLU, sums
  double optimizer = 0;   // bytes of memory that the steps move
  double link = 0;        // bytes to the host, and as many back, that the steps move beside that
};
RunWork run_work(const ModelConfig& config, Precision precision, const RunRows& rows, const MemoryPlan& plan);

// FLOP/s and bytes/s of a device; link: each way.
struct Rates {
  double products = 0, weight_gradients = 0, attention_forward = 0, attention_backward = 0;
  double memory = 0, link = 0;
};
double run_seconds(const RunWork& work, const Rates& rates);

}  // namespace film::engine
