#pragma once
// Fillers that say what the evidence of a question says, of another subject and with another answer.
#include <cstdint>
#include <string>
#include <vector>

#include "filler_pool.h"

namespace film::tasks {

// A question is about the subject that it names: the name, number or code in it that its evidence has too. A contradiction is
// the evidence with that subject replaced by one of another question, and its answer by one of another question. What makes
// the right answer the only one is checked, piece by piece: it has neither the subject, nor a word of it, nor any accepted
// answer; and the question has neither the other subject nor the other answer. So whoever reads which subject a piece speaks
// of finds one answer, and whoever goes by the wording alone finds several.
class Contradictions {
 public:
  Contradictions(const std::vector<PlacedQuestion>& questions, std::uint64_t seed);

  struct Made {
    std::vector<std::string> pieces;  // each with a subject of its own; may be fewer than wanted
    std::string why;                  // there is none; else empty
  };
  Made of(std::size_t question, std::size_t wanted) const;

 private:
  // What is compared of a text.
  enum class Kind { number, name, word };
  struct Text {
    explicit Text(std::string text);
    std::string text, lower;
    Kind kind;
    std::size_t words;
    bool is_like(const Text& other) const { return kind == other.kind && words == other.words; }
  };
  struct Known {
    Text question, subject;     // an empty subject: it names none
    std::string first_word;     // of the question
    std::vector<Text> answers;  // the first is the one that pieces of others take
  };
  class Maker;

  static Known known(const PlacedQuestion& question);
  std::vector<std::size_t> answers_like(std::size_t question) const;
  bool may_take(std::size_t question, const Text& answer) const;

  const std::vector<PlacedQuestion>& questions_;
  std::uint64_t seed_;
  std::vector<Known> known_;  // by question
};

// The longest name in the question that stands in its evidence and shares no word with an answer; empty: there is none. A name
// is words with a capital or a digit in a row.
std::string subject_of(const PlacedQuestion& question);

}  // namespace film::tasks
