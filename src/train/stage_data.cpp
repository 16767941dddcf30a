#include "film/train/stage_data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/random.h"

namespace film::train {

StageData::StageData(const engine::TrainSettings& settings, std::int64_t stage,
                     const text::Tokenizer& tokenizer)
    : stage_(settings.stages.at(static_cast<std::size_t>(stage))),
      tokenizer_(tokenizer),
      form_(text::prompt_template(settings.prompt)),
      part_(stage_.context == "evidence" ? batches::ContextPart::evidence : batches::ContextPart::whole),
      order_(0, 0, 0) {
  for (const std::string& folder : stage_.data) {
    contexts::DataFolder data(folder);
    if (data.tokenizer_sha256() != tokenizer.sha256())
      throw bad_data(folder + " was made with another tokenizer than " + tokenizer.path().string(),
                     "give the tokenizer that film synth used (its hash is in the folder's manifest.json)");
    sources_.push_back({data, data.examples("train")});
  }
  for (std::size_t s = 0; s < sources_.size(); ++s)
    for (std::size_t e = 0; e < sources_[s].examples.size(); ++e) {
      batches::ExampleShape shape =
          batches::example_shape(sources_[s].examples[e], sources_[s].data, tokenizer_, form_, part_);
      if (shape.rows() <= settings.max_tokens) {
        kept_.emplace_back(static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(e));
        shapes_.push_back(std::move(shape));
      } else {
        left_out_.push_back(stage_.data[s] + ": example " + std::to_string(sources_[s].examples[e].id));
      }
    }
  if (!left_out_.empty())
    warn(std::to_string(left_out_.size()) +
         " examples are longer than max_tokens and left out; the first: " + left_out_.front());
  if (kept_.empty())
    throw no_input("stage \"" + stage_.name + "\": its data holds no training examples that fit max_tokens",
                   "raise max_tokens, or make contexts with film synth and questions with film qa first");
  take_share(settings.seed);
  order_ = batches::ExampleOrder(kept_.size(), settings.seed, static_cast<std::uint64_t>(stage));
}

// A smaller share is a part of a larger one, so that runs on 1 % and 10 % of the data differ by what was
// added.
void StageData::take_share(std::uint64_t seed) {
  if (stage_.share >= 1) return;
  std::vector<std::uint32_t> drawn(kept_.size());
  std::iota(drawn.begin(), drawn.end(), 0u);
  Random(seed, "share", 0).shuffle(drawn);
  const double wanted = std::ceil(stage_.share * static_cast<double>(kept_.size()));
  drawn.resize(std::max<std::size_t>(1, static_cast<std::size_t>(wanted)));
  std::ranges::sort(drawn);
  for (std::size_t i = 0; i < drawn.size(); ++i) {  // drawn[i] >= i: nothing is overwritten before it is read
    kept_[i] = kept_[drawn[i]];
    shapes_[i] = shapes_[drawn[i]];
  }
  kept_.resize(drawn.size());
  shapes_.resize(drawn.size());
}

std::int64_t StageData::steps() const {
  if (stage_.steps > 0) return stage_.steps;
  const double examples = stage_.epochs * static_cast<double>(kept_.size());
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(examples / static_cast<double>(stage_.batch))));
}

batches::EncodedExample StageData::encode(std::size_t source, std::size_t example) const {
  return batches::encode_example(sources_[source].examples[example], sources_[source].data, tokenizer_, form_,
                                 part_);
}

std::vector<batches::EncodedExample> StageData::read(std::uint64_t place) {
  std::vector<batches::EncodedExample> batch;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(stage_.batch); ++i) {
    const auto [source, example] = kept_[order_.at(place + i)];
    batch.push_back(encode(source, example));
  }
  return batch;
}

}  // namespace film::train
