#include "pass.h"

#include "film/kernels/kernels.h"

namespace film::model {
namespace {

using batches::Pack;
using batches::Span;

template <class T>
std::vector<T> part_of(const std::vector<T>& list, const Span& span) {
  return {list.begin() + span.begin, list.begin() + span.end()};
}

std::vector<std::int64_t> own_loss_rows(const Pack& pack, const OwnRows& own) {
  std::vector<std::int64_t> rows = part_of(pack.loss_rows, own.answers);
  for (std::int64_t& row : rows) row -= own.span.begin;
  return rows;
}

}  // namespace

Tensor ids_on(const Tensor& like, const text::TokenIds& ids, const Span& span) {
  const std::vector<std::int64_t> list(ids.begin() + span.begin, ids.begin() + span.end());
  return at::tensor(list, at::kLong).to(like.device());
}

Tensor numbers_on(const Tensor& like, const std::vector<double>& list, const Span& span) {
  return at::tensor(part_of(list, span), at::kDouble).to(kernels::opmath_type(like)).to(like.device());
}

OwnRows::OwnRows(const Pack& pack, const SequencePart* sequence)
    : span{0, pack.rows()}, answers{0, static_cast<std::int64_t>(pack.loss_rows.size())} {
  if (sequence == nullptr) return;
  const std::int64_t T = pack.rows();
  shared.emplace(SharedRows{*sequence, sequence->counts(T), sequence->counts(T)});
  last_shared.emplace(SharedRows{*sequence, sequence->counts(pack.loss_rows, T), sequence->counts(T)});
  const RowCounts& counts = last_shared->queries;
  span = sequence->rows(T, sequence->rank);
  answers = {sum_of(counts, sequence->rank), counts[static_cast<std::size_t>(sequence->rank)]};
}

Pass::Pass(const engine::ModelConfig& c, const Pack& pack, const Tensor& weight, const PassOptions& options)
    : rows(pack, options.sequence),
      plan(attention_plan(pack, c.sliding_window, weight.options())),
      rope(rope_table(part_of(pack.positions, rows.span), c,
                      weight.options().dtype(kernels::opmath_type(weight)))),
      ids(ids_on(weight, pack.ids, rows.span)),
      loss_rows(at::tensor(own_loss_rows(pack, rows), at::kLong).to(weight.device())) {
  if (!options.answer_rows_only) return;
  last_plan = answer_rows_plan(pack, c.sliding_window, weight.options());
  last_rope = {rope.cos_Th.index_select(0, loss_rows), rope.sin_Th.index_select(0, loss_rows)};
}

BlockInput Pass::input(const engine::ModelConfig& c, bool last) const {
  const auto shared = [](const std::optional<SharedRows>& one) { return one ? &*one : nullptr; };
  if (last && last_rope.cos_Th.defined())
    return {c, last_plan, rope, loss_rows, last_rope, shared(rows.last_shared)};
  return {c, plan, rope, {}, rope, shared(rows.shared)};
}

SavedActivations Pass::saved(const ActivationBuffers& buffers, std::size_t layer,
                             const BlockInput& input) const {
  const std::int64_t T = rows.span.length, Q = input.query_count(T);
  if (input.shared == nullptr) return buffers.layer(layer, T, Q);
  const int ranks = input.shared->part.ranks;
  return buffers.layer(layer, T, Q, sum_of(input.shared->queries, ranks), ranks);
}

}  // namespace film::model
