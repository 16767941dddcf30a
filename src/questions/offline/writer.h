#pragma once
// The questions of one context, made from its text by rule, the answer known to occur in exactly one segment.
#include <string>
#include <vector>

#include "../written.h"
#include "film/questions/settings.h"

namespace film::questions {

// All that the offline generator sees of one context.
struct ContextMaterial {
  Context context;
  std::vector<std::string> texts;      // of its segments, in order
  std::vector<const Needle*> needles;  // parallel to texts; null where there is none
};

// For every evidence position one question of a type drawn by weight (draft.h), kept when its answer occurs,
// as whole words, in its own segment and in no other of the context, and not in the question. Of type
// sentence also the quoted words must occur only once in the context.
class OfflineWriter {
 public:
  // Keeps a reference to `settings`. needle_question: what to ask about a needle, with {attribute}.
  OfflineWriter(const QaSettings& settings, std::string needle_question)
      : settings_(settings), needle_question_(std::move(needle_question)) {}

  // Depends on the material and the settings alone; may be called from several threads.
  WrittenQuestions write(const ContextMaterial& material) const;

 private:
  const QaSettings& settings_;
  const std::string needle_question_;
};

}  // namespace film::questions
