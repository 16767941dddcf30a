#include "film/generation/cached_model.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "film/base/error.h"
#include "film/checkpoint/hugging_face.h"
#include "film/kernels/device.h"
#include "rated_pack.h"
#include "sampling.h"
#include "session.h"

namespace film::generation {

using engine::Completion;
using engine::Decoding;
using engine::Prompt;
using text::TokenId;
using text::TokenIds;

namespace {

std::int64_t tokens_of(const Prompt& prompt) {
  return static_cast<std::int64_t>(prompt.prefix.size() + prompt.ids.size());
}

void check_length(const Prompt& prompt, std::int64_t extra, std::int64_t limit) {
  if (tokens_of(prompt) + extra <= limit) return;
  throw config_error(
      fmt::format("a prompt needs {} tokens, the model reads at most {}", tokens_of(prompt) + extra, limit),
      "use shorter contexts, or fewer new tokens");
}

// Calls use(begin, end) for every run of neighbouring prompts with equal prefixes.
template <class Use>
void for_each_group(std::span<const Prompt> prompts, const Use& use) {
  for (std::size_t begin = 0, end = 0; begin < prompts.size(); begin = end) {
    const auto same = [&](const Prompt& p) { return std::ranges::equal(p.prefix, prompts[begin].prefix); };
    for (end = begin + 1; end < prompts.size() && same(prompts[end]);) ++end;
    use(begin, end);
  }
}

Error not_finite(const std::string& what) {
  return bad_data("the model computes " + what + " that are not finite (NaN or infinite)",
                  "its weights are damaged, or too large for the precision: try precision=float32");
}

// Without the rows of a padded vocabulary, which stand for nothing.
Tensor with_pieces(const Tensor& logits_RV, std::int64_t vocabulary) {
  return vocabulary > 0 && vocabulary < logits_RV.size(1) ? logits_RV.narrow(1, 0, vocabulary) : logits_RV;
}

// The next id of every row of logits; random[open[i]] belongs to row i.
TokenIds choose(const Tensor& logits_RV, const engine::Sampling& sampling,
                const std::vector<std::int64_t>& open, std::vector<Random>& random) {
  if (!logits_RV.isfinite().all().item<bool>()) throw not_finite("logits");
  if (sampling.temperature == 0) {
    const Tensor best = logits_RV.argmax(-1).cpu();
    const auto* ids = best.const_data_ptr<std::int64_t>();
    return {ids, ids + best.numel()};
  }
  const Tensor rows = logits_RV.to(at::kFloat).cpu().contiguous();
  const std::int64_t V = rows.size(1);
  TokenIds ids(open.size());
  at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const std::span row(rows.const_data_ptr<float>() + r * V, static_cast<std::size_t>(V));
      const auto i = static_cast<std::size_t>(r);
      ids[i] = sample(row, sampling, random[static_cast<std::size_t>(open[i])]);
    }
  });
  return ids;
}

// One group: prompts with one prefix, of which the first has number `first`.
class Group {
 public:
  Group(std::span<const Prompt> prompts, std::size_t first, const Decoding& decoding,
        std::vector<Completion>& completions)
      : prompts_(prompts), first_(first), decoding_(decoding), completions_(completions) {
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      open_.push_back(static_cast<std::int64_t>(i));
      random_.emplace_back(decoding.sampling.seed, "generation.sampling", prompts[i].item);
    }
  }

  void complete(const engine::ModelConfig& config, const model::ModelTensors& weights) {
    std::vector<std::span<const TokenId>> ids;
    std::size_t longest = 0;
    for (const Prompt& prompt : prompts_) {
      ids.emplace_back(prompt.ids);
      longest = std::max(longest, prompt.ids.size());
    }
    Session session(config, weights, prompts_.front().prefix, static_cast<std::int64_t>(prompts_.size()),
                    static_cast<std::int64_t>(longest) + decoding_.max_new_tokens);
    Tensor logits = session.read(ids);
    for (int made = 1;; ++made) {
      const TokenIds next =
          take(choose(with_pieces(logits, decoding_.vocabulary), decoding_.sampling, open_, random_));
      if (open_.empty() || made == decoding_.max_new_tokens) return;
      logits = session.step(open_, next);
    }
  }

 private:
  // Gives every open prompt its id; returns the ids of those that are still open.
  TokenIds take(const TokenIds& ids) {
    std::vector<std::int64_t> still_open;
    TokenIds next;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ended(first_ + static_cast<std::size_t>(open_[i]), ids[i])) continue;
      still_open.push_back(open_[i]);
      next.push_back(ids[i]);
    }
    open_ = std::move(still_open);
    return next;
  }

  bool ended(std::size_t prompt, TokenId id) {
    Completion& completion = completions_[prompt];
    const bool at_stop_id = std::ranges::find(decoding_.stop, id) != decoding_.stop.end();
    if (!at_stop_id) completion.ids.push_back(id);
    const bool at_end = at_stop_id || (decoding_.ends && decoding_.ends(prompt, completion.ids));
    if (at_end) completion.end = Completion::End::stop;
    return at_end;
  }

  std::span<const Prompt> prompts_;
  std::size_t first_;
  const Decoding& decoding_;
  std::vector<Completion>& completions_;
  std::vector<std::int64_t> open_;  // prompts of the group that have not ended
  std::vector<Random> random_;      // one stream per prompt
};

}  // namespace

CachedModel::CachedModel(engine::ModelConfig config, model::ModelTensors weights)
    : config_(std::move(config)), weights_(std::move(weights)) {}

std::string CachedModel::describe() const {
  const Tensor& weight = weights_.embedding_VD;
  return fmt::format("{}, {} on {}", config_.summary(),
                     weight.scalar_type() == at::kBFloat16 ? "bf16" : "fp32",
                     weight.is_cuda() ? kernels::device_facts(weight.device()).name : "CPU");
}

std::vector<Completion> CachedModel::generate(std::span<const Prompt> prompts, const Decoding& decoding) {
  decoding.sampling.check();
  for (const Prompt& prompt : prompts) check_length(prompt, decoding.max_new_tokens, max_tokens());
  std::vector<Completion> completions(prompts.size());
  if (decoding.max_new_tokens <= 0) return completions;
  for_each_group(prompts, [&](std::size_t begin, std::size_t end) {
    Group(prompts.subspan(begin, end - begin), begin, decoding, completions).complete(config_, weights_);
  });
  return completions;
}

std::vector<double> CachedModel::log_likelihood(std::span<const Prompt> prompts,
                                                std::span<const TokenIds> continuations) {
  std::vector<double> sums(prompts.size());
  for (std::size_t p = 0; p < prompts.size(); ++p)
    check_length(prompts[p], static_cast<std::int64_t>(continuations[p].size()), max_tokens());
  for (const auto& [begin, pack] : rated_packs(prompts, continuations)) {
    const model::PackResult result = model::run_pack(config_, weights_, pack, nullptr);
    if (!std::ranges::all_of(result.row_loss, [](double loss) { return std::isfinite(loss); }))
      throw not_finite("log-likelihoods");
    for (std::size_t r = 0; r < pack.pairs.size(); ++r)
      sums[begin + static_cast<std::size_t>(pack.pairs[r])] -= result.row_loss[r];
  }
  return sums;
}

std::unique_ptr<engine::LanguageModel> open_model(const engine::ModelOptions& options) {
  const at::Device device = kernels::choose_device(options.device);
  const engine::ModelConfig config = engine::model_config_from_hugging_face(options.folder / "config.json");
  return std::make_unique<CachedModel>(
      config, checkpoint::load_weights(options.folder, config,
                                       at::device(device).dtype(kernels::scalar_type(options.precision))));
}

}  // namespace film::generation
