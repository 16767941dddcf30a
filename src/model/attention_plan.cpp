// Which rows see which: the tiles of a pack, group by group, then lowered for the device.
#include <limits>

#include "attention_lowering.h"

namespace film::model {
namespace {

using batches::Group;
using batches::Pack;
using batches::Span;

class Builder {
 public:
  Builder(const Pack& pack, std::int64_t window, const at::TensorOptions& options, TileKinds kinds)
      : pack_(pack), window_(window), options_(options), kinds_(kinds) {
    for (const Group& group : pack.groups) groups_.push_back(simplest(group));
  }

  const std::vector<Group>& groups() const { return groups_; }
  AttentionPlan take() { return std::move(plan_); }

  // All rows of the group are queries. Pad rows prolong the span that they follow; nothing else sees them.
  void all_rows(Group group) {
    Span context = group.context;
    (group.continuations.size() == 1 ? group.continuations[0] : context).length += group.padding.length;
    causal(context);
    if (group.continuations.empty()) return;
    const Span continuations = continuations_of(group);
    see_context(group, rows(continuations), continuations.begin);
    if (group.continuations.size() > 1 && !windowed(group)) return causal_sequences(group);
    for (const Span& continuation : group.continuations) causal(continuation);
  }

  // Only loss_rows[begin, end) of the group are queries; query numbers are their indices in loss_rows.
  void loss_rows(const Group& group, std::int64_t begin, std::int64_t end) {
    const std::vector<std::int64_t> wanted(pack_.loss_rows.begin() + begin, pack_.loss_rows.begin() + end);
    see_context(group, wanted, begin);
    const Span continuations = continuations_of(group);
    // One masked tile. A sequence with its context in it has too many keys for that on a GPU, which copies them to fp32.
    const bool copies_context = kinds_ == TileKinds::gpu && group.continuations.size() == 1;
    if (!copies_context && !windowed(group) && (end - begin) * continuations.length <= kMaskCells)
      return masked(wanted, begin, continuations);
    std::size_t i = 0;
    for (const Span& continuation : group.continuations) {
      std::vector<std::int64_t> own;
      const std::int64_t first = begin + static_cast<std::int64_t>(i);
      while (i < wanted.size() && wanted[i] < continuation.end()) own.push_back(wanted[i++]);
      for (std::size_t at = 0; at < own.size(); at += kBlockRows) {
        const std::vector<std::int64_t> block(
            own.begin() + static_cast<std::ptrdiff_t>(at),
            own.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(own.size(), at + kBlockRows)));
        banded(block, first + static_cast<std::int64_t>(at), continuation);
      }
    }
  }

 private:
  // A context with one continuation is one causal sequence: one tile, not three.
  static Group simplest(const Group& group) {
    if (group.continuations.size() != 1) return group;
    const std::int64_t begin = group.context.begin;
    return {{begin, 0}, {{begin, group.continuations[0].end() - begin}}, group.padding};
  }

  static Span continuations_of(const Group& group) {
    return {group.continuations.front().begin,
            group.continuations.back().end() - group.continuations.front().begin};
  }

  static std::vector<std::int64_t> rows(const Span& span) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(span.length));
    for (std::int64_t i = 0; i < span.length; ++i) all[static_cast<std::size_t>(i)] = span.begin + i;
    return all;
  }

  std::int64_t position(std::int64_t row) const { return pack_.positions[static_cast<std::size_t>(row)]; }

  // True when some row of the group is too far from some key it would otherwise see.
  bool windowed(const Group& group) const {
    if (window_ == 0) return false;
    std::int64_t last = group.context.length;
    for (const Span& continuation : group.continuations)
      last = std::max(last, group.context.length + continuation.length);
    return last > window_;
  }

  void add(Span queries, Span keys, bool is_causal, Tensor mask = {}, std::int64_t window_left = -1) {
    plan_.push_back({queries, keys, is_causal, std::move(mask), true, window_left});
  }

  // Rows see the rows of `span` before and at themselves.
  void causal(const Span& span) {
    if (span.length > 0) add(span, span, true, {}, window_ == 0 || span.length <= window_ ? -1 : window_ - 1);
  }

  // The same for every continuation of a group, as one tile.
  void causal_sequences(const Group& group) {
    const Span all = continuations_of(group);
    add(all, all, true);
    for (const Span& continuation : group.continuations) plan_.back().seqlens.push_back(continuation.length);
  }

  // Some rows of one continuation see its rows up to themselves, within the window: what all see, then
  // a masked rest.
  void banded(const std::vector<std::int64_t>& wanted, std::int64_t query, const Span& span) {
    const std::int64_t low = window_ == 0 ? span.begin : std::max(span.begin, wanted.front() - window_ + 1);
    const Span queries = {query, static_cast<std::int64_t>(wanted.size())};
    std::int64_t masked_from = low;
    if (window_ == 0 && wanted.front() > low) {
      add(queries, {low, wanted.front() - low}, false);
      masked_from = wanted.front();
    }
    masked(wanted, query, {masked_from, wanted.back() - masked_from + 1});
  }

  // Rows of continuations see the group's context: all of it, or what the window leaves. Then one tile for
  // rows that follow each other: the first of them is `after` rows behind the context's end, the last of them
  // that still sees a key of the context is `seeing` rows further.
  void see_context(const Group& group, const std::vector<std::int64_t>& wanted, std::int64_t query) {
    const Span& context = group.context;
    if (context.length == 0 || wanted.empty()) return;
    if (!windowed(group)) return add({query, static_cast<std::int64_t>(wanted.size())}, context, false);
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

  // One tile with an explicit mask: same continuation, not later, within the window.
  void masked(const std::vector<std::int64_t>& wanted, std::int64_t query, const Span& keys) {
    const auto n = static_cast<std::int64_t>(wanted.size());
    Tensor mask = at::full({n, keys.length}, -std::numeric_limits<float>::infinity(), at::kFloat);
    auto* cells = mask.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t row = wanted[static_cast<std::size_t>(i)];
      for (std::int64_t key = std::max(keys.begin, span_start(row)); key <= std::min(row, keys.end() - 1);
           ++key)
        if (window_ == 0 || position(row) - position(key) < window_)
          cells[i * keys.length + key - keys.begin] = 0;
    }
    add({query, n}, keys, false, mask.to(options_));
  }

  // First row of the span (context or continuation, pad rows behind it included) that `row` is in.
  std::int64_t span_start(std::int64_t row) const {
    const auto group =
        std::ranges::upper_bound(groups_, row, {}, [](const Group& g) { return g.context.begin; }) - 1;
    const auto after = std::ranges::upper_bound(group->continuations, row, {}, &Span::begin);
    return after == group->continuations.begin() ? group->context.begin : (after - 1)->begin;
  }

  const Pack& pack_;
  std::vector<Group> groups_;
  std::int64_t window_;
  at::TensorOptions options_;
  TileKinds kinds_;
  AttentionPlan plan_;
};

}  // namespace

AttentionPlan attention_plan(const Pack& pack, std::int64_t window, const at::TensorOptions& options,
                             TileKinds kinds) {
  Builder builder(pack, window, options, kinds);
  for (const Group& group : builder.groups()) builder.all_rows(group);
  return lowered(builder.take(), options, kinds);
}

AttentionPlan answer_rows_plan(const Pack& pack, std::int64_t window, const at::TensorOptions& options,
                               TileKinds kinds) {
  Builder builder(pack, window, options, kinds);
  std::int64_t at = 0;
  for (const Group& group : builder.groups()) {
    std::int64_t end = at;
    const auto count = static_cast<std::int64_t>(pack.loss_rows.size());
    while (end < count && pack.loss_rows[static_cast<std::size_t>(end)] < group.end()) ++end;
    if (end > at) builder.loss_rows(group, at, end);
    at = end;
  }
  return lowered(builder.take(), options, kinds);
}

}  // namespace film::model
