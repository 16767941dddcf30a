#include "film/batches/plan_packs.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "film/base/error.h"

namespace film::batches {
namespace {

// Exchanges that gain less than this share of a pack's cost are not worth the search (and could, through
// rounding, go round in a circle).
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

// Pairs of a row and a row that it sees, itself included. Where pad rows stand: pack.h.
double seen_pairs(std::int64_t context, const std::vector<PairShape>& pairs, std::int64_t padding) {
  if (pairs.size() == 1) return triangle(context + pairs[0].rows() + padding);
  double seen = triangle(context + padding);
  for (const PairShape& pair : pairs)
    seen += static_cast<double>(pair.rows()) * static_cast<double>(context) + triangle(pair.rows());
  return seen;
}

std::int64_t padded(std::int64_t rows, const PackOptions& options) {
  if (!options.pad_lengths) return rows;
  const std::int64_t whole = length_class(rows);
  return rows <= options.budget ? std::min(whole, options.budget) : whole;
}

Item make_item(const ExampleShape& shape, const PlannedSequence& sequence, const PackOptions& options) {
  Item item{sequence, padded(shape.rows(), options), 0, 0};
  item.sequence.padding = item.rows - shape.rows();
  for (const PairShape& pair : shape.pairs) item.loss_rows += pair.answer;
  item.cost = options.token_cost * static_cast<double>(item.rows) +
              options.pair_cost * seen_pairs(shape.context, shape.pairs, item.sequence.padding);
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

// One item of the dearer of two bins for one item, or for nothing, of the cheaper.
struct Exchange {
  std::size_t cheaper = 0;           // bin
  std::size_t given = 0;             // place in the dearer bin's items
  std::optional<std::size_t> taken;  // place in the cheaper bin's items
};

// The exchange after which the dearer of `dear` and its partner costs least, if one is worthwhile.
std::optional<Exchange> best_exchange(const Bins& bins, const Bin& dear, const Items& items,
                                      std::int64_t budget) {
  const Item nothing;
  std::optional<Exchange> best;
  double limit = dear.cost * (1 - kWorthwhile);
  for (std::size_t b = 0; b < bins.size(); ++b) {
    const Bin& other = bins[b];
    const auto consider = [&](std::size_t given, std::optional<std::size_t> taken) {
      const Item& give = items[dear.items[given]];
      const Item& take = taken ? items[other.items[*taken]] : nothing;
      const double gain = give.cost - take.cost;
      const std::int64_t rows = give.rows - take.rows;
      if (std::max(dear.cost - gain, other.cost + gain) >= limit) return;
      if (dear.rows - rows > budget || other.rows + rows > budget) return;
      limit = std::max(dear.cost - gain, other.cost + gain);
      best = {b, given, taken};
    };
    if (other.cost >= limit) continue;  // `dear` itself too
    for (std::size_t given = 0; given < dear.items.size(); ++given) {
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

// Makes the dearest bin that can be made cheaper cheaper, until none can. Ends: the costs, sorted from the
// dearest on, fall with every exchange.
void balance(Bins& bins, const Items& items, std::int64_t budget) {
  const auto cost = [](const Bin& bin) { return bin.cost; };
  for (bool changed = true; changed;) {
    changed = false;
    std::ranges::stable_sort(bins, std::greater{}, cost);
    for (std::size_t b = 0; b < bins.size() && !changed; ++b) {
      const auto exchange = best_exchange(bins, bins[b], items, budget);
      if (!exchange) continue;
      Bin& cheaper = bins[exchange->cheaper];
      move_item(bins[b], exchange->given, cheaper, items);
      if (exchange->taken) move_item(cheaper, *exchange->taken, bins[b], items);
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

LossWeighting loss_weighting(const std::string& name) {
  if (name == "sample") return LossWeighting::sample;
  if (name == "token") return LossWeighting::token;
  throw config_error("unknown loss weighting \"" + name + "\"", "expected sample or token");
}

std::int64_t length_class(std::int64_t rows) {
  const std::int64_t step = rows <= 8192 ? 256 : 1024;
  return (rows + step - 1) / step * step;
}

std::vector<PackPlan> plan_packs(const std::vector<ExampleShape>& step, const PackOptions& options) {
  const Items items = items_of(step, options);
  Bins bins = best_fit_decreasing(items, options.budget);
  balance(bins, items, options.budget);
  std::ranges::sort(bins, {}, [](const Bin& bin) { return std::ranges::min(bin.items); });
  std::vector<PackPlan> plans;
  for (const Bin& bin : bins) plans.push_back(plan_of(bin, items));
  return plans;
}

}  // namespace film::batches
