#pragma once
// The nouns that stages hand to each other, and their JSON (docs/formats.md). Stages meet only here and on
// disk.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "film/base/json.h"

namespace film {

// A text of the corpus. `id` numbers documents in reading order from 0.
struct Document {
  std::uint64_t id = 0;
  std::string text;        // UTF-8
  std::string source;      // file
  std::uint64_t line = 0;  // in a JSONL file, from 1; 0 for a file that is one document
  std::string title;       // title or url, may be empty
};

// A planted record sentence: "The {attribute} is {value}." put into a segment's text (never part of the
// corpus).
struct PlantedRecord {
  std::string attribute;
  std::string value;
  std::string sentence;
};

// What a context was made for.
//   fine_grained: one evidence segment; integration: all segments of one document; short_text: one whole
//   document.
enum class ContextKind { fine_grained, integration, short_text };

// A recipe: segment numbers of the store, in the order in which they stand in the context.
struct Context {
  std::uint64_t id = 0;
  ContextKind kind = ContextKind::fine_grained;
  std::string split;                    // "train", "validation" or "test"
  std::uint32_t target_tokens = 0;      // what was asked for
  std::uint32_t tokens = 0;             // what it holds
  std::vector<std::uint64_t> segments;  // store numbers, in order
  std::vector<std::uint32_t> evidence;  // positions in `segments` that questions are about, ascending
};

// One question with its answer; `evidence` are positions in the context's segments.
struct Question {
  std::string question;
  std::string answer;
  std::vector<std::uint32_t> evidence;
  Json labels = Json::object();  // e.g. {"type":"planted","extractive":true,"attribute":"colour"}
};

// Questions on one context, ready for training or probing. `context` is a context id of the same DATA folder.
struct Example {
  std::uint64_t id = 0;
  std::uint64_t context = 0;
  std::string kind;  // context kind, or "general"
  std::string split;
  std::vector<Question> questions;
};

// Where the evidence of a question is: in piece `slot` (from 0) of the `slots` pieces of its context.
struct EvidenceSlot {
  std::uint32_t slot = 0, slots = 0;
  double depth() const {
    return slots == 0 ? 0 : (slot + 0.5) / slots;
  }  // centre of the piece: 0 start, 1 end
};

// A model's output for one question of one task.
struct Prediction {
  std::string task;
  std::string id;                             // unique in the task
  std::string output;                         // what the model wrote, or the answer it chose
  std::string expected;                       // the reference answer
  std::optional<EvidenceSlot> evidence = {};  // absent where a task has no position
  std::vector<double> log_likelihoods = {};   // of the choices, in their order; empty where the model wrote
  double score = 0;                           // by the task's metric, 0..1
};

// The mean over the predictions of one position bin, with a confidence interval.
struct PositionScore {
  double begin = 0, end = 0;  // bin of relative depth
  std::uint64_t count = 0;
  double mean = 0;           // 0..100
  double low = 0, high = 0;  // 95 % interval, 0..100
};

// Scores by position of the evidence.
struct PositionCurve {
  double gap = 0;  // max - min over position bins (paper section 3.2: Gap)
  std::vector<PositionScore> positions;
};

// What a task measured on one model.
struct Score {
  std::string task;     // "in2", "document", "code", "database", ...
  std::string metric;   // "exact match", "word recall", ...
  std::string pattern;  // "forward", "backward", "bi-directional" or empty
  std::uint64_t count = 0;
  double average = 0;  // mean over position bins (paper section 3.2: Avg), over items without a curve; 0..100
  double low = 0, high = 0;            // 95 % interval of it
  std::optional<PositionCurve> curve;  // absent where the task has no position
  Json notes = Json::object();         // {"extractive":true,...}: shown in the report
};

// All scores of one model. `label` names it in legends ("before", "after"), `description` says what it is.
struct ModelScores {
  std::string label;
  std::string description;
  std::vector<Score> scores;
};

// How the curve of `after` differs from that of `before`.
struct CurveDifference {
  double gap = 0, gap_low = 0, gap_high = 0;  // of the gap; below 0 = flatter
  std::vector<PositionScore> positions;       // mean, low, high are differences
};

// What changed between two models on the same items: `after` minus `before`, percentage points, 95 %
// intervals: Newcombe's paired score interval for scores of 0 and 1, a paired bootstrap for fractional scores
// and for the gap.
struct Comparison {
  std::string task, metric;
  std::string before, after;                 // labels of the two models
  std::uint64_t count = 0;                   // items that both answered
  std::uint64_t better = 0, worse = 0;       // items with a higher, with a lower score after
  double difference = 0, low = 0, high = 0;  // of the average
  std::optional<CurveDifference> curve;      // absent where the task has no position
};

std::string to_text(ContextKind kind);
ContextKind context_kind(const std::string& text);  // throws bad_data

Json to_json(const Context& context);
Context context_from_json(const Json& json, const std::string& where);
Json to_json(const PlantedRecord& record);
PlantedRecord planted_from_json(const Json& json, const std::string& where);
Json to_json(const Example& example);
Example example_from_json(const Json& json, const std::string& where);
Json to_json(const Prediction& prediction);
Prediction prediction_from_json(const Json& json, const std::string& where);
Json to_json(const Score& score);
Score score_from_json(const Json& json, const std::string& where);
Json to_json(const Comparison& comparison);
Comparison comparison_from_json(const Json& json, const std::string& where);

}  // namespace film
