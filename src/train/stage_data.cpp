#include "stage_data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/random.h"
#include "film/base/strings.h"

namespace film::train {

batches::ExampleShape StageData::Kept::shape() const {
  batches::ExampleShape shape{context_length, {}};
  for (const batches::EncodedPair& pair : pairs) shape.pairs.push_back(pair.shape());
  return shape;
}

StageData::StageData(const engine::TrainSettings& settings, std::int64_t stage,
                     const text::Tokenizer& tokenizer)
    : stage_(settings.stages.at(static_cast<std::size_t>(stage))),
      encoder_(tokenizer, text::prompt_template(settings.prompt)),
      order_(0, 0, 0) {
  for (const std::string& name : stage_.data) {
    const folders::DataFolder& data = folders_.emplace_back(name);
    if (data.tokenizer_sha256() != tokenizer.sha256())
      throw bad_data(name + " was made with another tokenizer than " + tokenizer.path().string(),
                     "give the tokenizer that film synth used (its hash is in the folder's manifest.json)");
    data.require_unchanged();
    const std::vector<Conversation> conversations = data.conversations();
    if (conversations.empty() || data.has_examples())
      take(folders_.size() - 1, data.examples(Split::train), settings.max_tokens);
    take(folders_.size() - 1, conversations, settings.max_tokens);
  }
  if (!left_out_.empty())
    warn(std::to_string(left_out_.size()) +
         " examples are longer than max_tokens and left out; the first: " + left_out_.front());
  if (kept_.empty() && left_out_.empty())
    throw no_input("stage \"" + stage_.name + "\": none of the questions in " + join(stage_.data, ", ") +
                       " is about a context of train",
                   "ask about that split: film qa DATA --import FILE --split train, or film synth with "
                   "contexts.train above 0");
  if (kept_.empty())
    throw no_input("stage \"" + stage_.name + "\": its data holds no training examples that fit max_tokens",
                   "raise max_tokens, or make shorter contexts (film synth, contexts.target.max)");
  take_fraction(settings.seed);
  order_ = batches::ExampleOrder(kept_.size(), settings.seed, static_cast<std::uint64_t>(stage));
}

void StageData::take(std::size_t folder, std::vector<Example> examples, std::int64_t max_tokens) {
  for (const Example& example : examples) {
    const Context context = batches::context_of(example.context, folders_[folder], stage_.context);
    keep({static_cast<std::uint32_t>(folder), example.context, encoder_.context_length(context),
          encoder_.pairs(example)},
         max_tokens, stage_.data[folder] + ": example " + std::to_string(example.id));
  }
}

void StageData::take(std::size_t folder, const std::vector<Conversation>& conversations,
                     std::int64_t max_tokens) {
  for (const Conversation& conversation : conversations)
    keep({static_cast<std::uint32_t>(folder), std::nullopt, 0, {encoder_.conversation(conversation)}},
         max_tokens, stage_.data[folder] + ": conversation " + std::to_string(conversation.id));
}

void StageData::keep(Kept kept, std::int64_t max_tokens, const std::string& name) {
  if (kept.shape().rows() <= max_tokens)
    kept_.push_back(std::move(kept));
  else
    left_out_.push_back(name);
}

// A smaller fraction is a part of a larger one, so that runs on 1 % and 10 % of the data differ by
// what was added.
void StageData::take_fraction(std::uint64_t seed) {
  if (stage_.fraction >= 1) return;
  std::vector<std::uint32_t> drawn(kept_.size());
  std::iota(drawn.begin(), drawn.end(), 0u);
  Random(seed, "share", 0).shuffle(drawn);
  const double wanted = std::ceil(stage_.fraction * static_cast<double>(kept_.size()));
  drawn.resize(std::max<std::size_t>(1, static_cast<std::size_t>(wanted)));
  std::ranges::sort(drawn);
  for (std::size_t i = 0; i < drawn.size(); ++i)  // drawn[i] >= i: nothing is overwritten before it is read
    if (drawn[i] != i) kept_[i] = std::move(kept_[drawn[i]]);
  kept_.resize(drawn.size());
}

std::int64_t StageData::steps() const {
  if (stage_.steps > 0) return stage_.steps;
  const double examples = stage_.epochs * static_cast<double>(kept_.size());
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(examples / static_cast<double>(stage_.batch))));
}

std::int64_t StageData::longest() const {
  std::int64_t longest = 0;
  for (const Kept& kept : kept_)
    for (const batches::EncodedPair& pair : kept.pairs)
      longest = std::max(longest, kept.context_length + pair.shape().rows());
  return longest;
}

batches::ExampleShape StageData::shape(std::uint64_t place) { return kept_[order_.at(place)].shape(); }

batches::EncodedExample StageData::encode(std::uint64_t place) {
  const Kept& kept = kept_[order_.at(place)];
  if (!kept.context) return {{}, kept.pairs};
  const folders::DataFolder& data = folders_[kept.folder];
  return {encoder_.context(batches::context_of(*kept.context, data, stage_.context), data), kept.pairs};
}

}  // namespace film::train
