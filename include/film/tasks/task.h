#pragma once
// Questions ready to be asked: what every task is built into, whatever it was made from.
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "film/answers/answerer.h"
#include "film/base/enum_names.h"
#include "film/records/scores.h"
#include "film/text/tokenizer.h"

namespace film::tasks {

// How a model answers: it writes, or its log-likelihoods of the given choices are compared.
enum class Mode { generate, choose };
constexpr auto enum_names(Mode) {
  return std::array{EnumName{Mode::generate, "generate"}, EnumName{Mode::choose, "choose"}};
}

// Which question it is, of those that are asked at several depths in several contexts.
struct Design {
  std::uint32_t item = 0;
  std::uint32_t depth = 0, depths = 0;  // which of how many
  std::uint32_t tokens = 0;             // length of the context that was asked for
  Filler filler = Filler::random;
};

// One question. `id` is unique in the task; ids ascend in the order of asking.
struct Item {
  std::string id;
  std::string question;                   // what is asked: the instruction, or the whole prompt (Task::form)
  std::vector<std::string> answers;       // accepted answers, the first is the one shown; never empty
  std::vector<std::string> choices = {};  // Mode::choose: what is rated; answers[0] is one of them
  std::optional<EvidenceSlot> evidence = {};  // where in the context; absent where that is not known
  std::optional<Design> design = {};
  std::uint64_t row = 0;          // of the task's data, from 0; what is left out of it is counted too
  std::string answer_start = {};  // what the answer begins with: given to the model behind the question
  std::uint32_t length =
      0;  // tokens of the context that were asked for, of a benchmark of lengths; 0: not known
  std::string asked =
      {};  // the question alone, where `question` has more around it and BuildInput::questions asks for it
};

// A context made real. Text is `pieces` joined by '\n'; `ids`, where not empty, are the same text encoded as a
// continuation of a line break and are preferred by models that run here.
struct Passage {
  std::vector<std::string> pieces;
  text::TokenIds ids = {};
  std::string text() const;
};

// Questions on one context, which is opened only when they are asked. Without `open` they have no context.
struct ContextItems {
  std::vector<Item> items;  // ascending by slot, where there is one
  std::function<Passage()> open;
  std::string group = {};  // what the data says that its questions share (columns.group); may be empty
};

// By whose rule scores of several lengths are summed up (scores/lengths.h).
enum class LengthRule { none, ruler, nolima };
constexpr auto enum_names(LengthRule) {
  return std::array{EnumName{LengthRule::none, "none"}, EnumName{LengthRule::ruler, "ruler"},
                    EnumName{LengthRule::nolima, "nolima"}};
}

// What a judge may say, and what it counts: 0..1.
struct Verdict {
  std::string word;
  double score = 0;
};

struct Task {
  std::string name;     // of the probe, or of the task file
  std::string metric;   // a row of scores::metrics()
  std::string pattern;  // where the answer is, seen from what the question quotes: "forward", "backward",
                        // "bi-directional"; may be empty
  Mode mode = Mode::generate;
  answers::Form form = answers::Form::instruction;
  bool begin = true;              // whether <s> stands in front where form is text
  std::string answer_lead = " ";  // in front of rated choices where form is text
  answers::Decoding decoding;
  std::vector<ContextItems> contexts;
  std::uint64_t rows = 0;  // of the data that it was made from
  LengthRule lengths = LengthRule::none;
  std::vector<Verdict> verdicts = {};  // of answers that a judge reads: what it may say
  Json notes = Json::object();  // source, counts of what was left out and why, remark; copied into the Score

  std::uint64_t item_count() const;
};

// Tokens of one line of a context with the line break behind it. Their sum bounds the length of a context.
using LineTokens = std::function<std::uint32_t(std::string_view line)>;
LineTokens line_tokens(const text::Tokenizer& tokenizer);

}  // namespace film::tasks
