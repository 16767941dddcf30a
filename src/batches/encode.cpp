#include "film/batches/encode.h"

namespace film::batches {
namespace {

std::int64_t size(const text::TokenIds& ids) { return static_cast<std::int64_t>(ids.size()); }

EncodedPair encode_pair(const Question& q, const text::Tokenizer& tokenizer,
                        const text::PromptTemplate& form) {
  return {text::encode_question(form, tokenizer, q.question), text::encode_answer(form, tokenizer, q.answer)};
}

PairShape shape_of(const EncodedPair& pair) { return {size(pair.question), size(pair.answer)}; }

Context context_of(const Example& example, const contexts::DataFolder& data, ContextPart part) {
  const Context& whole = data.context(example.context);
  return part == ContextPart::whole ? whole : data.evidence_of(whole);
}

}  // namespace

ExampleShape EncodedExample::shape() const {
  ExampleShape shape{size(context), {}};
  for (const EncodedPair& pair : pairs) shape.pairs.push_back(shape_of(pair));
  return shape;
}

EncodedExample encode_example(const Example& example, const contexts::DataFolder& data,
                              const text::Tokenizer& tokenizer, const text::PromptTemplate& form,
                              ContextPart part) {
  EncodedExample encoded;
  encoded.context = text::encode_before_context(form, tokenizer);
  const text::TokenIds context = data.tokens(context_of(example, data, part));
  encoded.context.insert(encoded.context.end(), context.begin(), context.end());
  for (const Question& q : example.questions) encoded.pairs.push_back(encode_pair(q, tokenizer, form));
  return encoded;
}

ExampleShape example_shape(const Example& example, const contexts::DataFolder& data,
                           const text::Tokenizer& tokenizer, const text::PromptTemplate& form,
                           ContextPart part) {
  ExampleShape shape;
  shape.context = size(text::encode_before_context(form, tokenizer)) + context_of(example, data, part).tokens;
  for (const Question& q : example.questions)
    shape.pairs.push_back(shape_of(encode_pair(q, tokenizer, form)));
  return shape;
}

}  // namespace film::batches
