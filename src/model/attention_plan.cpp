#include <algorithm>
#include <limits>

#include "film/model/attention.h"

namespace film::model {
namespace {

constexpr std::int64_t kMaskCells = 1 << 18;  // largest explicit mask: 1 MiB of fp32
constexpr std::int64_t kLongRun = 2048;       // rows of a sequence that is worth a call of its own on a card
constexpr std::int64_t kBlockRows = 256;      // query rows of one tile where a mask is needed anyway

// Builds the tiles of one group after the other.
class Builder {
 public:
  Builder(const batches::Pack& pack, std::int64_t window, const at::TensorOptions& options, TileKinds kinds)
      : pack_(pack), window_(window), options_(options), for_card_(kinds == TileKinds::card) {
    for (const batches::Group& group : pack.groups) groups_.push_back(simplest(group));
  }

  const std::vector<batches::Group>& groups() const { return groups_; }

  // The plan; tells each tile whether it is the first to write its rows (else it is merged).
  AttentionPlan take() {
    std::vector<bool> written;
    for (Tile& tile : plan_) {
      if (static_cast<std::int64_t>(written.size()) < tile.queries.end())
        written.resize(static_cast<std::size_t>(tile.queries.end()));
      const auto begin = written.begin() + tile.queries.begin, end = written.begin() + tile.queries.end();
      tile.first = std::none_of(begin, end, [](bool w) { return w; });
      std::fill(begin, end, true);
    }
    return for_card_ ? with_runs() : std::move(plan_);
  }

  // All rows of the group are queries. Pad rows prolong the span that they follow; nothing else sees them.
  void all_rows(batches::Group group) {
    batches::Span context = group.context;
    (group.pieces.size() == 1 ? group.pieces[0] : context).length += group.padding.length;
    causal(context);
    if (group.pieces.empty()) return;
    const batches::Span pieces = pieces_of(group);
    see_context(group, rows(pieces), pieces.begin);
    if (!for_card_ && !windowed(group) && group.pieces.size() > 1 &&
        pieces.length * pieces.length <= kMaskCells)
      masked(rows(pieces), pieces.begin, pieces);
    else
      for (const batches::Span& piece : group.pieces) causal(piece);
  }

  // Only loss_rows[begin, end) of the group are queries; query numbers are their places in loss_rows.
  void loss_rows(const batches::Group& group, std::int64_t begin, std::int64_t end) {
    const std::vector<std::int64_t> wanted(pack_.loss_rows.begin() + begin, pack_.loss_rows.begin() + end);
    see_context(group, wanted, begin);
    const batches::Span pieces = pieces_of(group);
    if (!windowed(group) && (end - begin) * pieces.length <= kMaskCells) return masked(wanted, begin, pieces);
    std::size_t i = 0;
    for (const batches::Span& piece : group.pieces) {
      std::vector<std::int64_t> own;
      const std::int64_t first = begin + static_cast<std::int64_t>(i);
      while (i < wanted.size() && wanted[i] < piece.end()) own.push_back(wanted[i++]);
      for (std::size_t at = 0; at < own.size(); at += kBlockRows) {
        const std::vector<std::int64_t> block(
            own.begin() + static_cast<std::ptrdiff_t>(at),
            own.begin() + static_cast<std::ptrdiff_t>(std::min(own.size(), at + kBlockRows)));
        banded(block, first + static_cast<std::int64_t>(at), piece);
      }
    }
  }

 private:
  // A context with one piece is one causal sequence: one tile, not three.
  static batches::Group simplest(const batches::Group& group) {
    if (group.pieces.size() != 1) return group;
    const std::int64_t begin = group.context.begin;
    return {{begin, 0}, {{begin, group.pieces[0].end() - begin}}, group.padding};
  }

  static batches::Span pieces_of(const batches::Group& group) {
    return {group.pieces.front().begin, group.pieces.back().end() - group.pieces.front().begin};
  }

  static std::vector<std::int64_t> rows(const batches::Span& span) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(span.length));
    for (std::int64_t i = 0; i < span.length; ++i) all[static_cast<std::size_t>(i)] = span.begin + i;
    return all;
  }

  std::int64_t position(std::int64_t row) const { return pack_.positions[static_cast<std::size_t>(row)]; }

  // True when some row of the group is too far from some key it would otherwise see.
  bool windowed(const batches::Group& group) const {
    if (window_ == 0) return false;
    std::int64_t last = group.context.length;
    for (const batches::Span& piece : group.pieces)
      last = std::max(last, group.context.length + piece.length);
    return last > window_;
  }

  void add(batches::Span queries, batches::Span keys, bool is_causal, Tensor mask = {},
           std::int64_t reach = -1) {
    plan_.push_back({queries, keys, is_causal, std::move(mask), true, reach});
  }

  // Neighbours that are short causal sequences become one tile: a card is slow to start on many.
  AttentionPlan with_runs() {
    AttentionPlan joined;
    for (Tile& tile : plan_) {
      const bool is_short = tile.causal && tile.queries.length < kLongRun;
      if (is_short && !joined.empty()) {
        Tile& before = joined.back();
        if (before.causal && (!before.runs.empty() || before.queries.length < kLongRun) &&
            before.queries.end() == tile.queries.begin && before.keys.end() == tile.keys.begin &&
            before.reach == tile.reach && before.first == tile.first) {
          if (before.runs.empty()) before.runs = {before.queries.length};
          before.runs.push_back(tile.queries.length);
          before.queries.length += tile.queries.length;
          before.keys.length += tile.keys.length;
          continue;
        }
      }
      joined.push_back(std::move(tile));
    }
    for (Tile& tile : joined) give_cuts(tile);
    return joined;
  }

  void give_cuts(Tile& tile) const {
    if (tile.runs.empty()) return;
    std::vector<std::int32_t> cuts = {0};
    for (const std::int64_t run : tile.runs) cuts.push_back(cuts.back() + static_cast<std::int32_t>(run));
    tile.cuts = at::tensor(cuts, at::kInt).to(options_.device());
  }

  // Rows see the rows of `span` before and at themselves.
  void causal(const batches::Span& span) {
    if (span.length == 0) return;
    if (window_ == 0 || span.length <= window_) return add(span, span, true);
    if (for_card_) return add(span, span, true, {}, window_ - 1);
    for (std::int64_t begin = span.begin; begin < span.end(); begin += kBlockRows)
      banded(rows({begin, std::min(kBlockRows, span.end() - begin)}), begin, span);
  }

  // The rows of one piece see its rows up to themselves, within the window: what all see, then a masked rest.
  void banded(const std::vector<std::int64_t>& wanted, std::int64_t query, const batches::Span& span) {
    const std::int64_t low = window_ == 0 ? span.begin : std::max(span.begin, wanted.front() - window_ + 1);
    const std::int64_t last = wanted.back();
    const batches::Span queries = {query, static_cast<std::int64_t>(wanted.size())};
    std::int64_t masked_from = low;
    if (window_ == 0 && wanted.front() > low) {
      add(queries, {low, wanted.front() - low}, false);
      masked_from = wanted.front();
    }
    masked(wanted, query, {masked_from, last - masked_from + 1});
  }

  // Rows of pieces see the group's context: all of it, or what the window leaves.
  void see_context(const batches::Group& group, const std::vector<std::int64_t>& wanted, std::int64_t query) {
    const batches::Span& context = group.context;
    if (context.length == 0 || wanted.empty()) return;
    if (!windowed(group)) return add({query, static_cast<std::int64_t>(wanted.size())}, context, false);
    if (for_card_) return reach_context(context, wanted, query);
    for (std::size_t i = 0; i < wanted.size(); ++i) {  // row by row: each starts at another key
      const std::int64_t low = std::max<std::int64_t>(0, position(wanted[i]) - window_ + 1);
      const std::int64_t seen = context.length - low;
      if (seen > 0) add({query + static_cast<std::int64_t>(i), 1}, {context.begin + low, seen}, false);
    }
  }

  // The same with one tile for rows that follow each other. The first of them stands `after` rows behind the
  // context's end; the last of them that still sees a key of the context is `seeing` rows further.
  void reach_context(const batches::Span& context, const std::vector<std::int64_t>& wanted,
                     std::int64_t query) {
    for (std::size_t i = 0, next = 0; i < wanted.size(); i = next) {
      for (next = i + 1; next < wanted.size() && wanted[next] == wanted[next - 1] + 1 &&
                         position(wanted[next]) == position(wanted[next - 1]) + 1;)
        ++next;
      const std::int64_t after = position(wanted[i]) - context.length,
                         seeing = std::min(static_cast<std::int64_t>(next - i), window_ - 1 - after);
      if (seeing <= 0) continue;
      const std::int64_t low = std::max<std::int64_t>(0, context.length + after - window_ + 1);
      add({query + static_cast<std::int64_t>(i), seeing}, {context.begin + low, context.length - low}, false,
          {}, window_ - 1 - after - seeing);
    }
  }

  // One tile with an explicit mask: same piece, not later, within the window.
  void masked(const std::vector<std::int64_t>& wanted, std::int64_t query, const batches::Span& keys) {
    const auto n = static_cast<std::int64_t>(wanted.size());
    Tensor mask = at::full({n, keys.length}, -std::numeric_limits<float>::infinity(), at::kFloat);
    auto* cells = mask.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t row = wanted[static_cast<std::size_t>(i)];
      for (std::int64_t key = std::max(keys.begin, piece_start(row)); key <= std::min(row, keys.end() - 1);
           ++key)
        if (window_ == 0 || position(row) - position(key) < window_)
          cells[i * keys.length + key - keys.begin] = 0;
    }
    add({query, n}, keys, false, mask.to(options_));
  }

  // First row of the span (context or piece, pad rows behind it included) that `row` stands in.
  std::int64_t piece_start(std::int64_t row) const {
    const auto group =
        std::ranges::upper_bound(groups_, row, {}, [](const batches::Group& g) { return g.context.begin; }) -
        1;
    const auto piece = std::ranges::upper_bound(group->pieces, row, {}, &batches::Span::begin);
    return piece == group->pieces.begin() ? group->context.begin : (piece - 1)->begin;
  }

  const batches::Pack& pack_;
  std::vector<batches::Group> groups_;
  std::int64_t window_;
  at::TensorOptions options_;
  bool for_card_;
  AttentionPlan plan_;
};

}  // namespace

AttentionPlan attention_plan(const batches::Pack& pack, std::int64_t window, const at::TensorOptions& options,
                             TileKinds kinds) {
  Builder builder(pack, window, options, kinds);
  for (const batches::Group& group : builder.groups()) builder.all_rows(group);
  return builder.take();
}

AttentionPlan answer_rows_plan(const batches::Pack& pack, std::int64_t window,
                               const at::TensorOptions& options, TileKinds kinds) {
  Builder builder(pack, window, options, kinds);
  std::int64_t at = 0;
  for (const batches::Group& group : builder.groups()) {
    std::int64_t end = at;
    const auto count = static_cast<std::int64_t>(pack.loss_rows.size());
    while (end < count && pack.loss_rows[static_cast<std::size_t>(end)] < group.end()) ++end;
    if (end > at) builder.loss_rows(group, at, end);
    at = end;
  }
  return builder.take();
}

}  // namespace film::model
