#include "film/generation/cached_model.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/checkpoint/hugging_face.h"
#include "film/kernels/kernels.h"

namespace film::generation {
namespace {

// The cache of one request and how rows reach it.
class Session {
 public:
  Session(const engine::ModelConfig& config, const model::ModelTensors& weights, std::int64_t prefix,
          std::int64_t suffixes, std::int64_t capacity)
      : config_(config),
        weights_(weights),
        prefix_(prefix),
        capacity_(capacity),
        used_(static_cast<std::size_t>(suffixes)) {
    const std::vector<std::int64_t> shape = {prefix + suffixes * capacity, config.num_key_value_heads,
                                             config.head_dim};
    for (std::size_t l = 0; l < weights.layers.size(); ++l)
      cache_.push_back({at::empty(shape, weights.embedding_VD.options()),
                        at::empty(shape, weights.embedding_VD.options())});
  }

  // Reads the prefix. Its hidden states are not needed: only its keys and values.
  void read_prefix(const text::TokenIds& ids) {
    if (ids.empty()) return;
    batches::Pack pack;
    pack.ids = ids;
    for (std::int64_t i = 0; i < prefix_; ++i) pack.positions.push_back(i);
    pack.groups = {{{0, prefix_}, {}}};
    std::vector<std::int64_t> slots(pack.positions);
    forward(pack.ids, pack.positions, slots,
            model::attention_plan(pack, config_.sliding_window, weights_.embedding_VD.options()));
  }

  // Reads new ids of some suffixes (ids[i] of suffix which[i]); returns the hidden state of each one's last
  // row.
  Tensor read(const std::vector<std::int64_t>& which, const std::vector<text::TokenIds>& ids) {
    text::TokenIds flat;
    std::vector<std::int64_t> positions, slots, last;
    model::AttentionPlan plan;
    for (std::size_t i = 0; i < which.size(); ++i) {
      auto& used = used_[static_cast<std::size_t>(which[i])];
      const std::int64_t first_row = static_cast<std::int64_t>(flat.size());
      const std::int64_t base = prefix_ + which[i] * capacity_, old = used;
      for (const text::TokenId id : ids[i]) {
        flat.push_back(id);
        positions.push_back(prefix_ + used);
        slots.push_back(base + used++);
      }
      last.push_back(static_cast<std::int64_t>(flat.size()) - 1);
      add_tiles(plan, {first_row, static_cast<std::int64_t>(ids[i].size())}, base, old);
    }
    const Tensor hidden = forward(flat, positions, slots, plan);
    return hidden.index_select(0, rows_of(last));
  }

  Tensor logits(const Tensor& hidden_RD) const { return model::head_logits(config_, weights_, hidden_RD); }

 private:
  Tensor rows_of(const std::vector<std::int64_t>& list) const {
    return at::tensor(list, at::kLong).to(weights_.embedding_VD.device());
  }

  // New rows see the prefix, their own earlier rows, and themselves causally. With a sliding window each row
  // has its own first key, so each is a tile.
  void add_tiles(model::AttentionPlan& plan, const batches::Span& rows, std::int64_t base,
                 std::int64_t old) const {
    const auto tile = [&](batches::Span queries, batches::Span keys, bool causal) {
      const bool first = std::ranges::none_of(plan, [&](const model::Tile& t) {
        return t.queries.begin <= queries.begin && queries.begin < t.queries.end();
      });
      if (keys.length > 0) plan.push_back({queries, keys, causal, {}, first});
    };
    if (config_.sliding_window == 0) {
      tile(rows, {0, prefix_}, false);
      tile(rows, {base, old}, false);
      tile(rows, {base + old, rows.length}, true);
      return;
    }
    for (std::int64_t i = 0; i < rows.length; ++i) {
      const std::int64_t position = prefix_ + old + i,
                         low = std::max<std::int64_t>(0, position - config_.sliding_window + 1);
      const std::int64_t own = std::max<std::int64_t>(0, low - prefix_);
      tile({rows.begin + i, 1}, {low, prefix_ - low}, false);
      tile({rows.begin + i, 1}, {base + own, old + i + 1 - own}, false);
    }
  }

  Tensor forward(const text::TokenIds& ids, const std::vector<std::int64_t>& positions,
                 const std::vector<std::int64_t>& slots, const model::AttentionPlan& plan) {
    const std::vector<std::int64_t> wide(ids.begin(), ids.end());
    const model::RopeTable rope = model::rope_table(
        positions, config_, weights_.embedding_VD.options().dtype(kernels::sum_type(weights_.embedding_VD)));
    const model::BlockInput input{config_, plan, rope, {}, rope};
    const Tensor rows = rows_of(slots);
    Tensor x = weights_.embedding_VD.index_select(0, rows_of(wide));
    for (std::size_t l = 0; l < cache_.size(); ++l) {
      const model::Projected p = model::project(weights_.layers[l], input, x);
      cache_[l].key_SMH.index_copy_(0, rows, model::keys_of(p.key_value_TKH));
      cache_[l].value_SMH.index_copy_(0, rows, model::values_of(p.key_value_TKH));
      Tensor out = at::empty(p.query_QNH.sizes(), p.query_QNH.options());
      Tensor lse = at::empty({p.query_QNH.size(0), p.query_QNH.size(1)},
                             p.query_QNH.options().dtype(kernels::sum_type(x)));
      model::attention_forward(p.query_QNH, cache_[l].key_SMH, cache_[l].value_SMH, plan, out, lse);
      x = model::finish_block(weights_.layers[l], config_, x, out);
    }
    return x;
  }

  const engine::ModelConfig& config_;
  const model::ModelTensors& weights_;
  std::int64_t prefix_, capacity_;
  std::vector<std::int64_t> used_;  // rows of each suffix
  std::vector<LayerCache> cache_;
};

std::int64_t longest(const std::vector<text::TokenIds>& lists) {
  std::size_t most = 0;
  for (const text::TokenIds& list : lists) most = std::max(most, list.size());
  return static_cast<std::int64_t>(most);
}

void check_length(const engine::GenerationRequest& request, std::int64_t extra, std::int64_t limit) {
  const std::int64_t need =
      static_cast<std::int64_t>(request.prefix.size()) + longest(request.suffixes) + extra;
  if (need > limit)
    throw config_error("a prompt needs " + std::to_string(need) + " tokens, the model reads at most " +
                           std::to_string(limit),
                       "use shorter contexts, or fewer new tokens");
}

}  // namespace

CachedModel::CachedModel(engine::ModelConfig config, model::ModelTensors weights)
    : config_(std::move(config)), weights_(std::move(weights)) {}

std::string CachedModel::describe() const { return config_.summary() + ", fp32 on CPU"; }

std::vector<text::TokenIds> CachedModel::generate(const engine::GenerationRequest& request) {
  check_length(request, request.max_new_tokens, max_tokens());
  const auto count = static_cast<std::int64_t>(request.suffixes.size());
  Session session(config_, weights_, static_cast<std::int64_t>(request.prefix.size()), count,
                  longest(request.suffixes) + request.max_new_tokens);
  session.read_prefix(request.prefix);

  std::vector<text::TokenIds> outputs(request.suffixes.size()), next = request.suffixes;
  std::vector<std::int64_t> open(request.suffixes.size());
  for (std::int64_t i = 0; i < count; ++i) open[static_cast<std::size_t>(i)] = i;
  for (int made = 0; made < request.max_new_tokens && !open.empty(); ++made) {
    const Tensor best = session.logits(session.read(open, next)).argmax(-1).cpu();
    const auto* ids = best.const_data_ptr<std::int64_t>();
    std::vector<std::int64_t> still_open;
    next.clear();
    for (std::size_t i = 0; i < open.size(); ++i) {
      const auto id = static_cast<text::TokenId>(ids[i]);
      if (id == request.stop) continue;
      outputs[static_cast<std::size_t>(open[i])].push_back(id);
      still_open.push_back(open[i]);
      next.push_back({id});
    }
    open = std::move(still_open);
  }
  return outputs;
}

std::vector<double> CachedModel::score(const engine::GenerationRequest& request,
                                       const std::vector<text::TokenIds>& continuations) {
  check_length(request, longest(continuations), max_tokens());
  batches::Pack pack;
  batches::Group group{{0, static_cast<std::int64_t>(request.prefix.size())}, {}};
  pack.ids = request.prefix;
  for (std::int64_t i = 0; i < group.context.length; ++i) pack.positions.push_back(i);
  for (std::size_t s = 0; s < continuations.size(); ++s) {
    text::TokenIds piece = request.suffixes[s];
    piece.insert(piece.end(), continuations[s].begin(), continuations[s].end() - 1);
    const batches::Span span{pack.rows(), static_cast<std::int64_t>(piece.size())};
    for (std::size_t i = 0; i < piece.size(); ++i) {
      pack.ids.push_back(piece[i]);
      pack.positions.push_back(group.context.length + static_cast<std::int64_t>(i));
    }
    for (std::size_t i = 0; i < continuations[s].size(); ++i) {
      pack.loss_rows.push_back(span.end() - static_cast<std::int64_t>(continuations[s].size() - i));
      pack.targets.push_back(continuations[s][i]);
      pack.weights.push_back(1);
      pack.pairs.push_back(static_cast<std::int32_t>(s));
    }
    group.pieces.push_back(span);
  }
  pack.pair_count = static_cast<std::int32_t>(continuations.size());
  pack.groups = {group};
  const model::PackResult result = model::run_pack(config_, weights_, pack, nullptr);
  std::vector<double> scores(continuations.size());
  for (std::size_t r = 0; r < pack.pairs.size(); ++r)
    scores[static_cast<std::size_t>(pack.pairs[r])] -= result.row_loss[r];
  return scores;
}

std::unique_ptr<engine::LanguageModel> open_model(const fs::path& folder) {
  const engine::ModelConfig config = engine::model_config_from_hugging_face(folder / "config.json");
  return std::make_unique<CachedModel>(config, checkpoint::load_weights(folder, config, at::kFloat));
}

}  // namespace film::generation
