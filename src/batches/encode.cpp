#include "film/batches/encode.h"

namespace film::batches {
namespace {

std::int64_t size(const text::TokenIds& ids) { return static_cast<std::int64_t>(ids.size()); }

}  // namespace

PairShape EncodedPair::shape() const { return {size(question), size(answer)}; }

ExampleShape EncodedExample::shape() const {
  ExampleShape shape{size(context), {}};
  for (const EncodedPair& pair : pairs) shape.pairs.push_back(pair.shape());
  return shape;
}

Context context_of(std::uint64_t id, const folders::DataFolder& data, engine::ContextPart part) {
  const Context& whole = data.context(id);
  return part == engine::ContextPart::whole ? whole : data.evidence_of(whole);
}

Encoder::Encoder(const text::Tokenizer& tokenizer, const text::PromptTemplate& form)
    : tokenizer_(tokenizer), form_(form), before_context_(encode_before_context(form, tokenizer)) {}

std::vector<EncodedPair> Encoder::pairs(const Example& example) const {
  std::vector<EncodedPair> pairs;
  for (const Question& q : example.questions)
    pairs.push_back(
        {encode_question(form_, tokenizer_, q.question), encode_answer(form_, tokenizer_, q.answer)});
  return pairs;
}

text::TokenIds Encoder::context(const Context& context, const folders::DataFolder& data) const {
  text::TokenIds ids = before_context_;
  const text::TokenIds stored = data.tokens(context);
  ids.insert(ids.end(), stored.begin(), stored.end());
  return ids;
}

std::int64_t Encoder::context_length(const Context& context) const {
  return size(before_context_) + context.tokens;
}

}  // namespace film::batches
