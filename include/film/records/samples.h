#pragma once
// Contexts as they are shown to people, with what matters in them marked, and answers with such contexts: samples.jsonl
// of an EVAL folder, the report, film show.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "film/records/scores.h"

namespace film {

// A piece of a context, or what stands for pieces that are left out.
struct ContextPart {
  std::string text;
  bool evidence = false;       // what the question is about
  bool taken = false;          // not the evidence, but the wrong answer occurs in it
  std::uint64_t left_out = 0;  // pieces that this stands for; then the text is empty

  template <class Self, class Visitor>
  static void fields(Self& part, Visitor& visit) {
    visit("text", part.text);
    visit.if_present("evidence", part.evidence);
    visit.if_present("taken", part.taken);
    visit.if_present("left_out", part.left_out);
  }
};

// One answer of one model.
struct AnswerSample {
  std::string model;  // its label
  std::string question;
  Prediction prediction;
  std::vector<ContextPart> context;  // empty: the task has none, or it is part of the question

  template <class Self, class Visitor>
  static void fields(Self& sample, Visitor& visit) {
    visit("model", sample.model);
    visit("question", sample.question);
    visit("prediction", sample.prediction);
    visit("context", sample.context);
  }
};

// All pieces, those at the positions `evidence` marked.
std::vector<ContextPart> marked(const std::vector<std::string>& pieces,
                                std::span<const std::uint32_t> evidence);

// The same, shortened: the first and the last piece, the evidence, the first piece where a wrong answer `taken` occurs
// (empty: there is none), each with its neighbours; the middle of long pieces is left out (without_middle).
std::vector<ContextPart> around_evidence(const std::vector<std::string>& pieces,
                                         std::span<const std::uint32_t> evidence, const std::string& taken);

// A text of at most about `most` characters: of a longer one the beginning and the end, and between them
// " … 1,234 characters left out … ". Characters of UTF-8 stay whole.
std::string without_middle(const std::string& text, std::size_t most);

FILM_DECLARE_JSON(AnswerSample);

}  // namespace film
