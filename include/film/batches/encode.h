#pragma once
// Examples -> ids. Context ids come from the segment store as they are; only questions and answers
// are encoded here.
#include "film/batches/shape.h"
#include "film/engine/train_settings.h"
#include "film/folders/data_folder.h"
#include "film/records/conversation.h"
#include "film/records/records.h"
#include "film/text/prompt_template.h"

namespace film::batches {

// A turn of a conversation that others follow. Its answer, the end token included, is read by them.
struct EncodedTurn {
  text::TokenIds question, answer;
  bool loss = true;  // on the answer
};

struct EncodedPair {
  text::TokenIds
      question;           // ids between the context and the answer; of a conversation those of its last turn
  text::TokenIds answer;  // ids that loss is taken on, the end token last
  std::vector<EncodedTurn> earlier = {};  // of a conversation, in order

  PairShape shape() const;
};

// One context and the pairs asked about it.
struct EncodedExample {
  text::TokenIds context;  // <s>, template head and context ids; empty for pairs without a context
  std::vector<EncodedPair> pairs;

  ExampleShape shape() const;
};

// The context of a number, or the part of it that is read. Throws bad_data for an unknown context.
Context context_of(std::uint64_t id, const folders::DataFolder& data, engine::ContextPart part);

// A tokenizer with a prompt template; both must outlive it.
class Encoder {
 public:
  Encoder(const text::Tokenizer& tokenizer, const text::PromptTemplate& form);

  std::vector<EncodedPair> pairs(const Example& example) const;
  // All of a conversation, from <s> on: the last answer with loss is its answer, and what follows that is left out.
  EncodedPair conversation(const Conversation& conversation) const;
  // <s>, template head and the context's ids, read from the store of `data`.
  text::TokenIds context(const Context& context, const folders::DataFolder& data) const;
  // context(...).size() without reading ids: their number is taken from the recipe, which the store is held
  // against when they are read.
  std::int64_t context_length(const Context& context) const;

 private:
  const text::Tokenizer& tokenizer_;
  const text::PromptTemplate& form_;
  text::TokenIds before_context_;
};

}  // namespace film::batches
