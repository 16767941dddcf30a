#pragma once
// Pieces of text that stand around the evidence of a question, in an order for every grade.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "film/tasks/task.h"

namespace film::tasks {

// A question whose evidence is put into contexts made for it.
struct PlacedQuestion {
  std::string question, evidence;
  std::vector<std::string> answers;
};

class FillerPool {
 public:
  // `pieces`: text without the questions' evidence; each is kept once.
  FillerPool(const std::vector<std::string>& pieces, const std::vector<PlacedQuestion>& questions,
             const LineTokens& tokens, std::uint64_t seed);

  // Numbers of pieces for one question, the most fitting first, as many as `tokens` hold. Pieces that hold one of its
  // answers, evidence of others that are asked the same, and pieces with the words that lead to the answer ("The secret
  // city is") are left out: only the evidence tells the answer, and nothing contradicts it.
  // `first`: pieces made for this question (made_piece), which are taken before all others.
  std::vector<std::uint32_t> fillers(std::size_t question, Filler grade, std::uint32_t tokens,
                                     const std::vector<std::uint32_t>& first = {}) const;

  // A piece that is in no order of fillers; its number.
  std::uint32_t made_piece(const std::string& text);

  const std::string& text(std::uint32_t piece) const { return pieces_[piece].text; }
  std::uint32_t tokens_of(const std::string& text) const;

 private:
  struct Piece {
    std::string text, lower;
    std::uint32_t tokens = 0;
    std::vector<std::uint32_t> words;  // numbers, ascending, each once
    bool evidence = false;             // of some question
  };
  void add(const std::string& text, bool evidence);
  std::vector<std::uint32_t> words_of(const std::string& text);
  std::vector<std::uint32_t> in_order(std::size_t question, Filler grade) const;
  bool tells(const Piece& piece, std::size_t question) const;

  std::vector<PlacedQuestion> questions_;
  LineTokens tokens_;
  std::uint64_t seed_;
  std::vector<Piece> pieces_;
  std::size_t found_ = 0;  // so many of them are of the text, the others made
  std::map<std::string, std::uint32_t> word_numbers_;
  std::vector<double> weights_;                             // of words: the rarer, the more
  std::vector<std::vector<std::uint32_t>> evidence_words_;  // by question
  std::vector<std::string> leads_;  // by question: the words in front of its answer; empty: too few
  std::map<std::string, std::vector<std::string>> asked_alike_;  // question -> evidence of all that ask it
};

}  // namespace film::tasks
