#include "film/generation/cached_model.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "film/base/error.h"
#include "film/checkpoint/hugging_face.h"
#include "film/engine/yarn.h"
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

engine::Precision precision_of(const model::ModelTensors& weights) {
  return weights.embedding_VD.scalar_type() == at::kBFloat16 ? engine::Precision::bfloat16
                                                             : engine::Precision::float32;
}

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

std::int64_t longest_question(std::span<const Prompt> prompts) {
  std::size_t longest = 0;
  for (const Prompt& prompt : prompts) longest = std::max(longest, prompt.ids.size());
  return static_cast<std::int64_t>(longest);
}

// Prompts with one prefix that are decoded together, of which the first has number `first`.
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

  void complete(const Model& model, const Prefix& prefix) {
    std::vector<std::span<const TokenId>> ids;
    for (const Prompt& prompt : prompts_) ids.emplace_back(prompt.ids);
    Session session(model, prefix, static_cast<std::int64_t>(prompts_.size()),
                    longest_question(prompts_) + decoding_.max_new_tokens);
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

engine::MemoryBytes memory_of(const at::Device& device) {
  using engine::DeviceKind;
  if (!device.is_cuda()) return {DeviceKind::cpu, engine::resident_memory(), engine::free_memory()};
  const kernels::DeviceMemory memory = kernels::device_memory(device);
  return {DeviceKind::gpu, memory.total - memory.free, memory.free};
}

CachedModel::CachedModel(engine::ModelConfig config, model::ModelTensors weights,
                         std::vector<TokenId> end_ids, std::uint64_t memory_limit)
    : config_(std::move(config)), weights_(std::move(weights)), end_ids_(std::move(end_ids)) {
  const engine::MemoryBytes bytes = memory_of(weights_.embedding_VD.device());
  const auto own = static_cast<std::uint64_t>(weights_.flat.nbytes());
  base_ = bytes.taken - std::min(bytes.taken, own);
  limit_ = memory_limit > 0 ? memory_limit : bytes.taken + bytes.free;
}

CachedModel::~CachedModel() = default;

std::string CachedModel::describe() const {
  const Tensor& weight = weights_.embedding_VD;
  return fmt::format("{}, {} on {}", config_.summary(),
                     weight.scalar_type() == at::kBFloat16 ? "bf16" : "fp32",
                     weight.is_cuda() ? kernels::device_facts(weight.device()).name : "CPU");
}

std::vector<Completion> CachedModel::generate(std::span<const Prompt> prompts, const Decoding& asked) {
  asked.sampling.check();
  Decoding decoding = asked;
  decoding.stop.insert(decoding.stop.end(), end_ids_.begin(), end_ids_.end());
  for (const Prompt& prompt : prompts) check_length(prompt, decoding.max_new_tokens, max_tokens());
  std::vector<Completion> completions(prompts.size());
  if (decoding.max_new_tokens <= 0) return completions;
  for_each_group(prompts, [&](std::size_t begin, std::size_t end) {
    const std::span<const Prompt> group = prompts.subspan(begin, end - begin);
    const std::size_t open = open_at_once(group, decoding);
    read(group.front().prefix);
    for (std::size_t at = 0; at < group.size(); at += open)
      Group(group.subspan(at, std::min(open, group.size() - at)), begin + at, decoding, completions)
          .complete({config_, weights_}, *prefix_);
  });
  return completions;
}

// How many prompts of one prefix memory allows, at least one.
std::size_t CachedModel::open_at_once(std::span<const Prompt> group, const Decoding& decoding) const {
  const engine::AskingShape shape{.context = static_cast<std::int64_t>(group.front().prefix.size()),
                                  .questions = static_cast<std::int64_t>(group.size()),
                                  .question = longest_question(group),
                                  .new_tokens = decoding.max_new_tokens};
  return static_cast<std::size_t>(planned(shape).open);
}

// Before anything is allocated. Throws config_error for what does not fit even with one question at a time.
engine::AskingPlan CachedModel::planned(const engine::AskingShape& shape) const {
  const engine::Precision precision = precision_of(weights_);
  const engine::DeviceKind kind =
      weights_.embedding_VD.is_cuda() ? engine::DeviceKind::gpu : engine::DeviceKind::cpu;
  engine::AskingPlan plan = engine::plan_asking(config_, precision, shape, limit_, base_, kind);
  engine::require_memory(plan, limit_, precision, kind);
  return plan;
}

// The prefix of the call before is often that of this one: a context with more questions than one call asks.
void CachedModel::read(std::span<const TokenId> prefix) {
  if (prefix_ != nullptr && std::ranges::equal(prefix_->ids(), prefix)) return;
  prefix_.reset();
  prefix_ = std::make_unique<Prefix>(Model{config_, weights_}, prefix);
}

std::vector<double> CachedModel::log_likelihood(std::span<const Prompt> prompts,
                                                std::span<const TokenIds> continuations) {
  prefix_.reset();
  std::vector<double> sums(prompts.size());
  for (std::size_t p = 0; p < prompts.size(); ++p)
    check_length(prompts[p], static_cast<std::int64_t>(continuations[p].size()), max_tokens());
  const std::vector<RatedPack> packs = rated_packs(prompts, continuations);
  planned({.rated = most_rows(packs)});
  for (const auto& [begin, pack] : packs) {
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
  const engine::ModelConfig config =
      engine::config_with_yarn(options.folder / "config.json", options.yarn_factor);
  const engine::MemoryBytes bytes = memory_of(device);
  const std::uint64_t limit = options.memory_limit > 0 ? options.memory_limit : bytes.taken + bytes.free;
  engine::require_memory(engine::plan_asking(config, options.precision, {}, limit, bytes.taken, bytes.kind),
                         limit, options.precision, bytes.kind);
  return std::make_unique<CachedModel>(
      config,
      checkpoint::load_weights(options.folder, config,
                               at::device(device).dtype(kernels::scalar_type(options.precision))),
      engine::end_ids(options.folder), limit);
}

}  // namespace film::generation
