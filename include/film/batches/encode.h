#pragma once
// Examples -> ids. Context ids come from the segment store as they are; only questions and answers are
// encoded here.
#include "film/contexts/data_folder.h"
#include "film/records/records.h"
#include "film/text/prompt_template.h"

namespace film {

struct EncodedPair {
  TokenIds question;  // ids between the context and the answer
  TokenIds answer;    // ids that loss is taken on, the end token last
};

// One context and the pairs asked about it.
struct EncodedExample {
  TokenIds context;  // <s>, template head and context ids; empty for pairs without a context
  std::vector<EncodedPair> pairs;

  // Rows it takes in a pack, all pairs sharing the context: the last answer token is predicted, not read.
  std::int64_t rows() const;
};

EncodedExample encode_example(const Example& example, const DataFolder& data, const Tokenizer& tokenizer,
                              const PromptTemplate& form);

}  // namespace film
