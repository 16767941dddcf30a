#pragma once
// The training examples of one stage, in the stage's order. Questions and answers are kept as ids, contexts
// stay in their DATA folders until they are asked for.
#include <optional>
#include <string>
#include <vector>

#include "film/batches/encode.h"
#include "film/batches/example_order.h"
#include "film/engine/train_settings.h"

namespace film::train {

class StageData {
 public:
  // Opens the stage's DATA folders; throws bad_data when one was made with another tokenizer. Examples longer
  // than settings.max_tokens are left out, counted and named in the log. No context's ids are read.
  StageData(const engine::TrainSettings& settings, std::int64_t stage, const text::Tokenizer& tokenizer);

  const std::string& name() const { return stage_.name; }
  std::int64_t steps() const;  // of the stage
  std::int64_t longest()
      const;  // tokens that a model must read at once: a context and one question with its answer
  std::size_t examples() const { return kept_.size(); }
  const std::vector<std::string>& left_out() const { return left_out_; }
  // Of the example at a place of the order: its shape, and its ids, for which the context is read.
  batches::ExampleShape shape(std::uint64_t place);
  batches::EncodedExample encode(std::uint64_t place);

 private:
  struct Kept {
    std::uint32_t folder;
    std::optional<std::uint64_t> context;  // none: a conversation, which is all in its pair
    std::int64_t context_length;
    std::vector<batches::EncodedPair> pairs;

    batches::ExampleShape shape() const;
  };
  void take(std::size_t folder, std::vector<Example> examples, std::int64_t max_tokens);
  void take(std::size_t folder, const std::vector<Conversation>& conversations, std::int64_t max_tokens);
  void keep(Kept kept, std::int64_t max_tokens, const std::string& name);
  void take_fraction(std::uint64_t seed);

  const engine::StageSettings& stage_;
  batches::Encoder encoder_;
  std::vector<folders::DataFolder> folders_;
  std::vector<Kept> kept_;
  std::vector<std::string> left_out_;
  batches::ExampleOrder order_;
};

}  // namespace film::train
