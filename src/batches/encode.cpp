#include "film/batches/encode.h"

namespace film {

std::int64_t EncodedExample::rows() const {
  std::size_t rows = context.size();
  for (const EncodedPair& pair : pairs) rows += pair.question.size() + pair.answer.size() - 1;
  return static_cast<std::int64_t>(rows);
}

EncodedExample encode_example(const Example& example, const DataFolder& data, const Tokenizer& tokenizer,
                              const PromptTemplate& form) {
  EncodedExample encoded;
  encoded.context = encode_before_context(form, tokenizer);
  const TokenIds context = data.tokens(data.context(example.context));
  encoded.context.insert(encoded.context.end(), context.begin(), context.end());
  for (const Question& q : example.questions)
    encoded.pairs.push_back(
        {encode_question(form, tokenizer, q.question), encode_answer(form, tokenizer, q.answer)});
  return encoded;
}

}  // namespace film
