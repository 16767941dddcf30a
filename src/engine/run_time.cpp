#include "film/engine/run_time.h"

#include <algorithm>

namespace film::engine {
namespace {

struct Widths {
  explicit Widths(const ModelConfig& c)
      : D(static_cast<double>(c.hidden_size)),
        F(static_cast<double>(c.intermediate_size)),
        A(static_cast<double>(c.query_width())),
        K(static_cast<double>(c.key_width())),
        V(static_cast<double>(c.vocab_size)) {}
  double by_query() const { return 2 * D * A + 3 * D * F; }  // weights that a row of queries meets in a layer
  double by_key() const { return 2 * D * K; }
  double D, F, A, K, V;
};

// What the backward computes again in one layer with so many rows of queries.
void add_recomputed(RunWork& work, const Widths& w, const ActivationSet& saved, double queries, double keys,
                    double visible) {
  double products = 0;
  if (!saved.projections) products += 2 * w.D * (queries * w.A + keys * 2 * w.K);
  if (!saved.middle) products += 2 * queries * w.A * w.D;
  if (!saved.gate_up) products += 4 * queries * w.D * w.F;
  const double attention = saved.attention ? 0 : 4 * w.A * visible;
  work.products += products;
  work.attention_forward += attention;
  work.recomputed += products + attention;
}

// Bytes of one row in one layer, forward and backward, in elements of the activations: two norms (2 + 4 D each, and
// again), rotary positions, SwiGLU (3 F, then 3 F in and 3 F out), residuals, dk and dv.
double row_elements(const Widths& w) {
  const double norms = 2 * (2 * w.D + 2 * w.D + 4 * w.D), rope = 4 * (w.A + w.K), gate = 3 * w.F + 6 * w.F;
  return norms + rope + gate + 4 * w.D + 4 * w.K;
}

}  // namespace

RunWork run_work(const ModelConfig& c, Precision precision, const RunRows& rows, const MemoryPlan& plan) {
  const Widths w(c);
  const auto L = static_cast<double>(c.num_hidden_layers), P = static_cast<double>(c.parameters()),
             s = static_cast<double>(weight_bytes(precision));
  // A multiplication and an addition for each weight that a row meets: once forward, once for each of two gradients.
  const double forward = 2 * (rows.rows * (L * w.by_key() + (L - 1) * w.by_query()) +
                              rows.answer_rows * (w.by_query() + w.V * w.D));
  RunWork work;
  work.products = 2 * forward;
  work.weight_gradients = forward;
  work.attention_forward = 4 * w.A * ((L - 1) * rows.visible + rows.answer_visible);
  work.attention_backward = 2.5 * work.attention_forward;  // five products for two
  for (std::size_t l = 0; l < plan.saved.size(); ++l) {
    const bool last = l + 1 == plan.saved.size();
    add_recomputed(work, w, plan.saved[l], last ? rows.answer_rows : rows.rows, rows.rows,
                   last ? rows.answer_visible : rows.visible);
  }
  // The feed-forward reads and writes its sums for each slice of rows, everything else once a pass.
  const double slices = std::max(rows.passes, rows.rows / static_cast<double>(slice_rows(plan.device.kind)));
  work.memory = s * (L - 1) * rows.rows * row_elements(w) +
                8 * L * (slices * 3 * w.D * w.F + rows.passes * (2 * w.D * w.A + 2 * w.D * w.K));
  // AdamW reads and writes weights and state and reads gradients; their norm reads them, and they are zeroed.
  const auto state = static_cast<double>(state_bytes(precision)), owned = P / plan.device.sharing.state();
  work.optimizer = rows.steps * (owned * (2 * s + 2 * state) + P / plan.device.sharing.model * 3 * 4);
  work.link =
      plan.offload == Offload::none || plan.device.kind == DeviceKind::cpu ? 0 : rows.steps * owned * state;
  return work;
}

double run_seconds(const RunWork& work, const Rates& rates) {
  const double passes = work.products / rates.products + work.weight_gradients / rates.weight_gradients +
                        work.attention_forward / rates.attention_forward +
                        work.attention_backward / rates.attention_backward + work.memory / rates.memory;
  const double link = work.link > 0 ? work.link / rates.link : 0;
  return passes + std::max(work.optimizer / rates.memory, link);
}

}  // namespace film::engine
