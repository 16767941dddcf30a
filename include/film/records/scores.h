#pragma once
// What an evaluation writes: answers of a model, scores of a task, and the comparison of two models.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/json_fields.h"

namespace film {

// Where the evidence of a question is: in piece `slot` (from 0) of the `slots` pieces of its context.
struct EvidenceSlot {
  std::uint32_t slot = 0, slots = 0;
  double depth() const {
    return slots == 0 ? 0 : (slot + 0.5) / slots;
  }  // centre of the piece: 0 start, 1 end

  template <class Self, class Visitor>
  static void fields(Self& evidence, Visitor& visit) {
    double position = evidence.depth();
    visit("position", position);
    visit("slot", evidence.slot);
    visit("slots", evidence.slots);
  }
};

// What came back for a question.
enum class AnswerState {
  given,       // the model ended its answer, or a stop string did
  cut,         // ended by the limit of new tokens: there is as much as the limit allows
  empty,       // no text
  refused,     // by the model, its filter, or the server (a parameter, a prompt that is too long)
  thinking,    // reasoning, and no answer behind it
  prompt_cut,  // the server read only a part of the prompt
  failed,      // no reply
  unjudged     // of a judge: no verdict as the rubric asks for
};
constexpr auto enum_names(AnswerState) {
  using enum AnswerState;
  return std::array{EnumName{given, "given"},
                    EnumName{cut, "cut"},
                    EnumName{empty, "empty"},
                    EnumName{refused, "refused"},
                    EnumName{thinking, "reasoning_only"},
                    EnumName{prompt_cut, "prompt_cut"},
                    EnumName{failed, "failed"},
                    EnumName{unjudged, "unjudged"}};
}

// A model's output for one question of one task.
struct Prediction {
  std::string task;
  std::string id;                                           // unique in the task
  std::string output;                                       // what the model wrote, or the choice it prefers
  std::string expected;                                     // the reference answer
  std::optional<EvidenceSlot> evidence = {};                // absent where a task has no position
  std::optional<std::vector<double>> log_likelihoods = {};  // of the choices, where the model had to choose
  double score = 0;                                         // by the task's metric, 0..1
  // Of answers that came from a server and are not whole: what they are, and the server's words.
  std::optional<AnswerState> state = {};
  std::optional<std::string> detail = {};
  // Questions with one number were asked together, of one context or at several depths; absent: alone.
  std::optional<std::uint64_t> unit = {};

  // Only an answer is right or wrong. One that was cut off is: the limit of new tokens is part of the task.
  bool is_scored() const { return !state || *state == AnswerState::given || *state == AnswerState::cut; }

  template <class Self, class Visitor>
  static void fields(Self& prediction, Visitor& visit) {
    visit("task", prediction.task);
    visit("id", prediction.id);
    visit("output", prediction.output);
    visit("expected", prediction.expected);
    visit.among("slot", prediction.evidence);
    visit("log_likelihoods", prediction.log_likelihoods);
    visit("score", prediction.score);
    visit("state", prediction.state);
    visit("detail", prediction.detail);
    visit("unit", prediction.unit);
  }
};

// The mean over the predictions of one position bin, with a confidence interval.
struct PositionScore {
  double begin = 0, end = 0;  // bin of relative depth
  std::uint64_t count = 0;
  double mean = 0;           // 0..100
  double low = 0, high = 0;  // 95 % interval, 0..100

  template <class Self, class Visitor>
  static void fields(Self& bin, Visitor& visit) {
    visit("begin", bin.begin);
    visit("end", bin.end);
    visit("count", bin.count);
    visit("mean", bin.mean);
    visit("low", bin.low);
    visit("high", bin.high);
  }
};

// Scores by position of the evidence.
struct PositionCurve {
  double gap = 0;  // max - min over position bins (paper section 3.2: Gap)
  std::vector<PositionScore> positions;

  template <class Self, class Visitor>
  static void fields(Self& curve, Visitor& visit) {
    visit("gap", curve.gap);
    visit("positions", curve.positions);
  }
};

// What stands around the evidence of a question in a context made for it.
enum class Filler {
  random,         // pieces from anywhere
  topic,          // those that have most words in common with the evidence
  near_miss,      // first the evidence of other questions that ask alike
  contradicting,  // the evidence says another answer of another subject, in its own words; the others as random
};
constexpr auto enum_names(Filler) {
  return std::array{EnumName{Filler::random, "random"}, EnumName{Filler::topic, "topic"},
                    EnumName{Filler::near_miss, "near_miss"},
                    EnumName{Filler::contradicting, "contradicting"}};
}

// Points by which the ends of the context are better than its middle: every question is asked at every depth, and compared
// with itself. 95 % intervals.
struct WithinItem {
  double difference = 0, low = 0, high = 0;         // mean of both ends - middle
  double first = 0, first_low = 0, first_high = 0;  // first depth - middle
  double last = 0, last_low = 0, last_high = 0;     // last depth - middle
  std::string verdict;             // "flat within 2 points", "U", "first is better", …, "undecided"
  std::uint64_t items_needed = 0;  // to say "flat" with a probability of 80 % where it is true

  template <class Self, class Visitor>
  static void fields(Self& within, Visitor& visit) {
    visit("ends_minus_middle", within.difference);
    visit("low", within.low);
    visit("high", within.high);
    visit("first_minus_middle", within.first);
    visit("first_low", within.first_low);
    visit("first_high", within.first_high);
    visit("last_minus_middle", within.last);
    visit("last_low", within.last_low);
    visit("last_high", within.last_high);
    visit("verdict", within.verdict);
    visit("items_needed", within.items_needed);
  }
};

// One cell of position x length x filler.
struct DesignCell {
  std::uint32_t tokens = 0;  // length asked for
  Filler filler = Filler::random;
  std::uint64_t items = 0;                // questions that were answered at every depth
  std::vector<PositionScore> positions;   // one per depth
  std::optional<WithinItem> within = {};  // absent with fewer than three depths or two questions

  template <class Self, class Visitor>
  static void fields(Self& cell, Visitor& visit) {
    visit("tokens", cell.tokens);
    visit("filler", cell.filler);
    visit("items", cell.items);
    visit("positions", cell.positions);
    visit("within", cell.within);
  }
};

// Scores by position, of contexts of similar length.
struct LengthScores {
  std::uint32_t least = 0, most = 0;  // pieces in the contexts
  std::vector<PositionScore> positions;

  template <class Self, class Visitor>
  static void fields(Self& lengths, Visitor& visit) {
    visit("least", lengths.least);
    visit("most", lengths.most);
    visit("positions", lengths.positions);
  }
};

// What a task measured on one model.
struct Score {
  std::string task;     // "in2", "document", "code", "database", or the name of a task file
  std::string metric;   // "exact match", "word recall", ...
  std::string pattern;  // "forward", "backward", "bi-directional" or empty
  std::uint64_t count = 0;
  double average = 0;        // 0..100: mean over position bins (paper: Avg); without a curve over items
  double low = 0, high = 0;  // 95 % interval of it
  std::optional<PositionCurve> curve;                       // absent where the task has no position
  Json notes = Json::object();                              // {"extractive":true,...}: shown in the report
  std::optional<std::vector<LengthScores>> by_length = {};  // ascending; absent: contexts of about one length
  std::optional<std::vector<DesignCell>> cells =
      {};  // of a task whose every question is asked at every depth

  template <class Self, class Visitor>
  static void fields(Self& score, Visitor& visit) {
    visit("task", score.task);
    visit("metric", score.metric);
    visit("pattern", score.pattern);
    visit("count", score.count);
    visit("average", score.average);
    visit("low", score.low);
    visit("high", score.high);
    visit.among("positions", score.curve);
    visit.if_present("notes", score.notes);
    visit("by_length", score.by_length);
    visit("cells", score.cells);
  }
};

// Which model it was, so that two of one name are told apart.
struct ModelOrigin {
  std::string folder;                // of its weights, as it was named
  std::optional<std::int64_t> step;  // of the run that saved it
  std::string sha256;                // of its weights; of several files, of their hashes one behind the other

  template <class Self, class Visitor>
  static void fields(Self& origin, Visitor& visit) {
    visit("folder", origin.folder);
    visit("step", origin.step);
    visit("sha256", origin.sha256);
  }
};

// All scores of one model. `label` names it in legends ("before", "after"), `description` says what it is.
struct ModelScores {
  std::string label;
  std::string description;
  std::vector<Score> scores;
  std::optional<ModelOrigin> origin = {};  // absent for a model behind an endpoint

  template <class Self, class Visitor>
  static void fields(Self& model, Visitor& visit) {
    visit("label", model.label);
    visit("description", model.description);
    visit("scores", model.scores);
    visit("origin", model.origin);
  }
};

// How the curve of `after` differs from that of `before`.
struct CurveDifference {
  double gap = 0, gap_low = 0, gap_high = 0;  // of the gap; below 0 = flatter
  std::vector<PositionScore> positions;       // mean, low, high are differences

  template <class Self, class Visitor>
  static void fields(Self& curve, Visitor& visit) {
    visit("gap_difference", curve.gap);
    visit("gap_low", curve.gap_low);
    visit("gap_high", curve.gap_high);
    visit("positions", curve.positions);
  }
};

// What changed between two models on the same items: `after` minus `before`, percentage points, 95 % intervals:
// Newcombe's paired score interval for scores of 0 and 1, a paired bootstrap for fractional scores and for the gap.
struct Comparison {
  std::string task, metric;
  std::string before, after;                 // labels of the two models
  std::uint64_t count = 0;                   // items that both answered
  std::uint64_t better = 0, worse = 0;       // items with a higher, with a lower score after
  double difference = 0, low = 0, high = 0;  // of the average
  std::optional<CurveDifference> curve;      // absent where the task has no position

  template <class Self, class Visitor>
  static void fields(Self& comparison, Visitor& visit) {
    visit("task", comparison.task);
    visit("metric", comparison.metric);
    visit("before", comparison.before);
    visit("after", comparison.after);
    visit("count", comparison.count);
    visit("better", comparison.better);
    visit("worse", comparison.worse);
    visit("difference", comparison.difference);
    visit("low", comparison.low);
    visit("high", comparison.high);
    visit.among("positions", comparison.curve);
  }
};

FILM_DECLARE_JSON(Prediction);
FILM_DECLARE_JSON(Score);
FILM_DECLARE_JSON(ModelScores);
FILM_DECLARE_JSON(Comparison);

}  // namespace film
