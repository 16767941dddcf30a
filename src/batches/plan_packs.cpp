#include "film/batches/plan_packs.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "film/base/error.h"

namespace film::batches {
namespace {

// Swaps that gain less than this share of a pack's cost are not worth the search (and could, through
// rounding, go round in circles).
constexpr double kWorthwhile = 1e-3;

// A sequence to be packed.
struct Item {
  PlannedSequence sequence;
  std::int64_t rows = 0;  // padding included
  std::int64_t loss_rows = 0;
  double cost = 0;
};
using Items = std::vector<Item>;

// A pack in the making: numbers of items.
struct Bin {
  std::vector<std::size_t> items;
  std::int64_t rows = 0;
  double cost = 0;
};
using Bins = std::vector<Bin>;

double triangle(std::int64_t n) { return static_cast<double>(n) * static_cast<double>(n + 1) / 2; }

// Pairs of a row and a row that it sees, itself included. Where pad rows are: pack.h.
double seen_pairs(std::int64_t context, const std::vector<PairShape>& pairs, std::int64_t padding) {
  if (pairs.size() == 1) return triangle(context + pairs[0].rows() + padding);
  double seen = triangle(context + padding);
  for (const PairShape& pair : pairs)
    seen += static_cast<double>(pair.rows()) * static_cast<double>(context) + triangle(pair.rows());
  return seen;
}

std::int64_t next_multiple(std::int64_t rows, std::int64_t step) { return (rows + step - 1) / step * step; }

Item make_item(const ExampleShape& shape, const PlannedSequence& sequence, const PackOptions& options) {
  Item item{sequence, 0, 0, 0};
  item.sequence.padding = padding_of(shape, options);
  item.rows = shape.rows() + item.sequence.padding;
  for (const PairShape& pair : shape.pairs) item.loss_rows += pair.loss_tokens();
  item.cost = options.costs.row * static_cast<double>(item.rows) +
              options.costs.pair * seen_pairs(shape.context, shape.pairs, item.sequence.padding);
  return item;
}

Items items_of(const std::vector<ExampleShape>& step, const PackOptions& options) {
  Items items;
  for (std::size_t e = 0; e < step.size(); ++e) {
    const ExampleShape& shape = step[e];
    if (shape.pairs.empty()) continue;
    if (options.share_context)
      items.push_back(make_item(shape, {e, 0, shape.pairs.size(), 0}, options));
    else
      for (std::size_t p = 0; p < shape.pairs.size(); ++p)
        items.push_back(make_item({shape.context, {shape.pairs[p]}}, {e, p, 1, 0}, options));
  }
  return items;
}

void put(Bin& bin, std::size_t number, const Items& items) {
  bin.items.push_back(number);
  bin.rows += items[number].rows;
  bin.cost += items[number].cost;
}

// Longest first, each into the fullest bin that has room for it, or into a new one.
Bins best_fit_decreasing(const Items& items, std::int64_t budget) {
  std::vector<std::size_t> longest_first(items.size());
  std::iota(longest_first.begin(), longest_first.end(), std::size_t{0});
  std::ranges::stable_sort(longest_first, std::greater{}, [&](std::size_t i) { return items[i].rows; });
  Bins bins;
  for (const std::size_t number : longest_first) {
    Bin* fullest = nullptr;
    for (Bin& bin : bins)
      if (bin.rows + items[number].rows <= budget && (fullest == nullptr || bin.rows > fullest->rows))
        fullest = &bin;
    put(fullest != nullptr ? *fullest : bins.emplace_back(), number, items);
  }
  return bins;
}

// One item of the costlier of two bins for one item, or for nothing, of the cheaper.
struct Swap {
  std::size_t cheaper = 0;           // bin
  std::size_t given = 0;             // place in the costlier bin's items
  std::optional<std::size_t> taken;  // place in the cheaper bin's items
};

// The swap after which the costlier of `costly` and its partner costs least, if one is worthwhile.
std::optional<Swap> best_swap(const Bins& bins, const Bin& costly, const Items& items, std::int64_t budget) {
  const Item nothing;
  std::optional<Swap> best;
  double limit = costly.cost * (1 - kWorthwhile);
  for (std::size_t b = 0; b < bins.size(); ++b) {
    const Bin& other = bins[b];
    const auto consider = [&](std::size_t given, std::optional<std::size_t> taken) {
      const Item& give = items[costly.items[given]];
      const Item& take = taken ? items[other.items[*taken]] : nothing;
      const double gain = give.cost - take.cost;
      const std::int64_t rows = give.rows - take.rows;
      if (std::max(costly.cost - gain, other.cost + gain) >= limit) return;
      if (costly.rows - rows > budget || other.rows + rows > budget) return;
      limit = std::max(costly.cost - gain, other.cost + gain);
      best = {b, given, taken};
    };
    if (other.cost >= limit) continue;  // `costly` itself too
    for (std::size_t given = 0; given < costly.items.size(); ++given) {
      consider(given, std::nullopt);
      for (std::size_t taken = 0; taken < other.items.size(); ++taken) consider(given, taken);
    }
  }
  return best;
}

void move_item(Bin& from, std::size_t place, Bin& to, const Items& items) {
  const std::size_t number = from.items[place];
  from.items.erase(from.items.begin() + static_cast<std::ptrdiff_t>(place));
  from.rows -= items[number].rows;
  from.cost -= items[number].cost;
  put(to, number, items);
}

// Makes the costliest bin that can be made cheaper cheaper, until none can. Ends: the costs, sorted from the
// costliest on, fall with every swap.
void balance(Bins& bins, const Items& items, std::int64_t budget) {
  const auto cost = [](const Bin& bin) { return bin.cost; };
  for (bool changed = true; changed;) {
    changed = false;
    std::ranges::stable_sort(bins, std::greater{}, cost);
    for (std::size_t b = 0; b < bins.size() && !changed; ++b) {
      const auto swap = best_swap(bins, bins[b], items, budget);
      if (!swap) continue;
      Bin& cheaper = bins[swap->cheaper];
      move_item(bins[b], swap->given, cheaper, items);
      if (swap->taken) move_item(cheaper, *swap->taken, bins[b], items);
      changed = true;
    }
  }
}

PackPlan plan_of(Bin bin, const Items& items) {
  std::ranges::sort(bin.items);
  PackPlan plan;
  for (const std::size_t number : bin.items) {
    plan.sequences.push_back(items[number].sequence);
    plan.rows += items[number].rows;
    plan.loss_rows += items[number].loss_rows;
    plan.cost += items[number].cost;
  }
  return plan;
}

}  // namespace

PackCosts pack_costs(const engine::ModelConfig& config) {
  const auto layers = static_cast<double>(config.num_hidden_layers);
  const auto D = static_cast<double>(config.hidden_size);
  const double row = D * static_cast<double>(2 * config.query_width() + 2 * config.key_width() +
                                             3 * config.intermediate_size);
  return {6 * layers * row, 12 * layers * static_cast<double>(config.query_width())};
}

std::int64_t bucket_length(std::int64_t rows) {
  return next_multiple(rows, rows <= kShortRows ? kBucketStep : kLongBucketStep);
}

std::int64_t padding_of(const ExampleShape& sequence, const PackOptions& options) {
  if (!options.pad_lengths) return 0;
  const std::int64_t rows = sequence.rows(), causal = sequence.pairs.size() > 1 ? sequence.context : rows;
  for (const std::int64_t length : {bucket_length(causal), next_multiple(causal, kBucketStep)}) {
    const bool fits = rows - causal + length <= options.budget;
    if (length >= options.pad_from && (fits || rows > options.budget)) return length - causal;
  }
  return 0;
}

std::vector<PackPlan> plan_packs(const std::vector<ExampleShape>& step, const PackOptions& options) {
  const Items items = items_of(step, options);
  Bins bins = best_fit_decreasing(items, options.budget);
  while (bins.size() % options.multiple != 0 && bins.size() < items.size()) bins.emplace_back();
  balance(bins, items, options.budget);
  std::erase_if(bins, [](const Bin& bin) { return bin.items.empty(); });
  std::ranges::sort(bins, {}, [](const Bin& bin) { return std::ranges::min(bin.items); });
  std::vector<PackPlan> plans;
  for (const Bin& bin : bins) plans.push_back(plan_of(bin, items));
  return plans;
}

}  // namespace film::batches
