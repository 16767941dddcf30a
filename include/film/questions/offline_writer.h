#pragma once
// Questions without any model: made from the text by rule, the answer known to stand in exactly one segment.
#include <array>
#include <memory>
#include <string>

#include "film/questions/settings.h"
#include "film/questions/writer.h"

namespace film::questions {

// For every evidence position one question of a type drawn by weight:
//   planted   the value of the segment's record
//   cloze     words left out of a quoted sentence
//   sentence  the sentence that holds some quoted words
// A question is kept when its answer occurs, as whole words, in its segment and in no other of the context,
// and does not stand in the question (type sentence: the quoted words occur once in the context). Reasons of
// rejection: nothing_to_ask, no_whole_sentence, answer_in_other_segments, answer_not_in_segment,
// answer_in_question, piece_not_unique.
class OfflineWriter : public QuestionWriter {
 public:
  // Keeps a reference to `settings`. `planted_question`: what to ask about records, with {attribute}.
  OfflineWriter(const QaSettings& settings, std::string planted_question);
  WrittenQuestions write(const ContextMaterial& material) const override;

 private:
  const QaSettings& settings_;
  std::string planted_question_;
};

}  // namespace film::questions
