#pragma once
// Examples -> ids. Context ids come from the segment store as they are; only questions and answers are
// encoded here.
#include "film/batches/shape.h"
#include "film/contexts/data_folder.h"
#include "film/records/records.h"
#include "film/text/prompt_template.h"

namespace film::batches {

struct EncodedPair {
  text::TokenIds question;  // ids between the context and the answer
  text::TokenIds answer;    // ids that loss is taken on, the end token last
};

// One context and the pairs asked about it.
struct EncodedExample {
  text::TokenIds context;  // <s>, template head and context ids; empty for pairs without a context
  std::vector<EncodedPair> pairs;

  ExampleShape shape() const;
};

// What is read before the questions: the whole context, or its evidence segments alone, in their order (plain
// instruction tuning on the same questions: the paper's comparison without long contexts).
enum class ContextPart { whole, evidence };

EncodedExample encode_example(const Example& example, const contexts::DataFolder& data,
                              const text::Tokenizer& tokenizer, const text::PromptTemplate& form,
                              ContextPart part = ContextPart::whole);

// encode_example(...).shape() without reading the context's ids: their number is taken from the recipe, which
// encode_example holds against the store. Throws bad_data for an unknown context.
ExampleShape example_shape(const Example& example, const contexts::DataFolder& data,
                           const text::Tokenizer& tokenizer, const text::PromptTemplate& form,
                           ContextPart part = ContextPart::whole);

}  // namespace film::batches
