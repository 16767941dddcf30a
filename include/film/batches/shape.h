#pragma once
// How many tokens the parts of an example have: all that packing has to know about it.
#include <cstdint>
#include <vector>

namespace film::batches {

struct PairShape {
  std::int64_t question = 0;  // tokens between the context and the answer, at least 1
  std::int64_t answer = 0;    // tokens that loss is taken on, the end token included: at least 1
  // Of a conversation `question` is all before the last answer; loss is taken on so many tokens of the answers in it too.
  std::int64_t earlier_answers = 0;

  std::int64_t loss_tokens() const { return answer + earlier_answers; }
  std::int64_t rows() const { return question + answer - 1; }  // the last answer token is predicted, not read
  bool operator==(const PairShape&) const = default;
};

struct ExampleShape {
  std::int64_t context = 0;  // tokens before the questions; 0 for pairs without a context
  std::vector<PairShape> pairs;

  // Rows it takes in a pack, all pairs sharing the context.
  std::int64_t rows() const {
    std::int64_t rows = context;
    for (const PairShape& pair : pairs) rows += pair.rows();
    return rows;
  }
  bool operator==(const ExampleShape&) const = default;
};

}  // namespace film::batches
