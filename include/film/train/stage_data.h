#pragma once
// The training examples of one stage, in the stage's order.
#include <string>
#include <vector>

#include "film/batches/example_order.h"
#include "film/batches/make_packs.h"
#include "film/engine/train_settings.h"

namespace film::train {

class StageData {
 public:
  // Opens the stage's DATA folders; throws bad_data when one was made with another tokenizer. Examples longer
  // than settings.max_tokens are left out, counted and named in the log. No context's ids are read.
  StageData(const engine::TrainSettings& settings, std::int64_t stage, const text::Tokenizer& tokenizer);

  std::int64_t steps() const;  // of the stage
  std::size_t examples() const { return kept_.size(); }
  const std::vector<std::string>& left_out() const { return left_out_; }
  // The examples at places [place, place + batch) of the order, encoded.
  std::vector<batches::EncodedExample> read(std::uint64_t place);
  // The shape of the example at a place of the order.
  const batches::ExampleShape& shape(std::uint64_t place) { return shapes_[order_.at(place)]; }

 private:
  struct Source {
    contexts::DataFolder data;
    std::vector<Example> examples;
  };
  batches::EncodedExample encode(std::size_t source, std::size_t example) const;
  void take_share(std::uint64_t seed);

  const engine::StageSettings& stage_;
  const text::Tokenizer& tokenizer_;
  const text::PromptTemplate& form_;
  batches::ContextPart part_;
  std::vector<Source> sources_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> kept_;  // (source, example)
  std::vector<batches::ExampleShape> shapes_;                  // of kept_
  std::vector<std::string> left_out_;
  batches::ExampleOrder order_;
};

}  // namespace film::train
