#include "film/batches/encode.h"

#include "film/base/error.h"

namespace film::batches {
namespace {

std::int64_t size(const text::TokenIds& ids) { return static_cast<std::int64_t>(ids.size()); }

}  // namespace

PairShape EncodedPair::shape() const {
  PairShape shape{size(question), size(answer), 0};
  for (const EncodedTurn& turn : earlier) {
    shape.question += size(turn.question) + size(turn.answer);
    shape.earlier_answers += turn.loss ? size(turn.answer) : 0;
  }
  return shape;
}

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

EncodedPair Encoder::conversation(const Conversation& conversation) const {
  std::vector<EncodedTurn> turns;
  std::size_t end = 0;  // behind the last turn with loss
  for (const Turn& turn : conversation.turns) {
    turns.push_back({turns.empty() ? encode_opening(form_, tokenizer_, conversation.context, turn.user)
                                   : encode_next_question(form_, tokenizer_, turn.user),
                     encode_answer(form_, tokenizer_, turn.assistant), turn.loss});
    if (turn.loss) end = turns.size();
  }
  if (end == 0) throw internal_error("a conversation without an answer to learn");
  EncodedTurn last = std::move(turns[end - 1]);
  turns.resize(end - 1);
  return {std::move(last.question), std::move(last.answer), std::move(turns)};
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
