#include "film/model/sequence_part.h"

#include <algorithm>
#include <numeric>

namespace film::model {

batches::Span SequencePart::rows(std::int64_t T, int of_rank) const {
  const std::int64_t begin = T * of_rank / ranks;
  return {begin, T * (of_rank + 1) / ranks - begin};
}

RowCounts SequencePart::counts(std::int64_t T) const {
  RowCounts list;
  for (int r = 0; r < ranks; ++r) list.push_back(rows(T, r).length);
  return list;
}

RowCounts SequencePart::counts(const std::vector<std::int64_t>& chosen, std::int64_t T) const {
  RowCounts list;
  for (int r = 0; r < ranks; ++r) {
    const batches::Span own = rows(T, r);
    list.push_back(std::ranges::lower_bound(chosen, own.end()) - std::ranges::lower_bound(chosen, own.begin));
  }
  return list;
}

namespace {

// Elements of what each rank has, with so many in a row.
RowCounts elements(const RowCounts& rows, std::int64_t in_row) {
  RowCounts list;
  for (const std::int64_t count : rows) list.push_back(count * in_row);
  return list;
}

}  // namespace

std::int64_t sum_of(const RowCounts& counts, int ranks) {
  return std::accumulate(counts.begin(), counts.begin() + ranks, std::int64_t{0});
}

std::vector<double> numbers_of_all(const SequencePart& part, const std::vector<double>& own,
                                   const RowCounts& counts, const at::Device& device) {
  const auto on_device = at::TensorOptions(at::kDouble).device(device);
  const Tensor sent = at::tensor(own, at::kDouble).repeat({part.ranks}).to(device),
               received = at::empty({sum_of(counts, part.ranks)}, on_device);
  part.swap(sent, RowCounts(counts.size(), static_cast<std::int64_t>(own.size())), received, counts);
  const Tensor all = received.cpu();
  return {all.const_data_ptr<double>(), all.const_data_ptr<double>() + all.numel()};
}

Tensor to_heads(const SequencePart& part, const Tensor& x, const RowCounts& rows, int parts) {
  const std::int64_t n = part.ranks, t = x.size(0), heads = x.size(1) / parts / n, H = x.size(2);
  const Tensor by_rank = x.view({t, parts, n, heads, H}).permute({2, 0, 1, 3, 4}).contiguous(),
               all = at::empty({sum_of(rows, part.ranks), parts * heads, H}, x.options());
  const std::int64_t in_row = parts * heads * H;
  part.swap(by_rank, RowCounts(static_cast<std::size_t>(n), t * in_row), all, elements(rows, in_row));
  return all;
}

Tensor to_rows(const SequencePart& part, const Tensor& x, const RowCounts& rows, int parts) {
  const std::int64_t n = part.ranks, t = rows[static_cast<std::size_t>(part.rank)], heads = x.size(1) / parts,
                     H = x.size(2);
  const Tensor by_rank = at::empty({n, t, parts, heads, H}, x.options());
  const std::int64_t in_row = parts * heads * H;
  part.swap(x.contiguous(), elements(rows, in_row), by_rank,
            RowCounts(static_cast<std::size_t>(n), t * in_row));
  return by_rank.permute({1, 2, 0, 3, 4}).reshape({t, parts * n * heads, H});
}

}  // namespace film::model
