#pragma once
// What the stages from corpus to training hand to each other, and its JSON (docs/formats.md): to_json(record) and
// from_json<Record>(json, where) of base/json_fields.h. Scores are in scores.h, facts of manifests in facts.h.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "film/base/json_fields.h"

namespace film {

// Which part of the data a document, its contexts and their questions belong to.
enum class Split : std::uint8_t { train, validation, test };
inline constexpr std::array kSplits = {Split::train, Split::validation, Split::test};
constexpr auto enum_names(Split) {
  return std::array{EnumName{Split::train, "train"}, EnumName{Split::validation, "validation"},
                    EnumName{Split::test, "test"}};
}

// What a context was made for: questions on one segment each, questions on all segments of one document, or one
// whole document in its own order.
enum class ContextKind : std::uint8_t { fine_grained, integration, short_text };
inline constexpr std::array kContextKinds = {ContextKind::fine_grained, ContextKind::integration,
                                             ContextKind::short_text};
constexpr auto enum_names(ContextKind) {
  return std::array{EnumName{ContextKind::fine_grained, "fine_grained"},
                    EnumName{ContextKind::integration, "integration"},
                    EnumName{ContextKind::short_text, "short"}};
}

// A text of the corpus and where it came from.
struct Document {
  std::string text;        // UTF-8
  std::string source;      // file, named from the corpus input's last name on
  std::uint64_t line = 0;  // of a file with one document a row, from 1; 0: the file is one document
  std::string title;       // may be empty
};

// A line of documents/part-*.jsonl: a document without its text.
struct DocumentInfo {
  std::uint64_t id = 0;  // number in reading order, from 0
  std::string source;    // these three as in Document
  std::uint64_t line = 0;
  std::string title;
  Split split = Split::train;
  std::uint64_t segments = 0;  // how many it was cut into

  template <class Self, class Visitor>
  static void fields(Self& info, Visitor& visit) {
    visit("id", info.id);
    visit("source", info.source);
    visit("line", info.line);
    visit("title", info.title);
    visit("split", info.split);
    visit("segments", info.segments);
  }
};

// A needle: a key-value record planted into a segment's text as one sentence ("The key of river is amber."). It is
// never part of the corpus, so the answer to a question about it is known.
struct Needle {
  std::string attribute;
  std::string value;
  std::string sentence;

  template <class Self, class Visitor>
  static void fields(Self& needle, Visitor& visit) {
    visit("attribute", needle.attribute);
    visit("value", needle.value);
    visit("sentence", needle.sentence);
  }
};

// A recipe: which segments of the store make up a context, in which order. A store holds at most 2^32 - 1 segments.
struct Context {
  std::uint64_t id = 0;
  ContextKind kind = ContextKind::fine_grained;
  Split split = Split::train;
  std::uint32_t target_tokens = 0;      // length asked for; 0: none was
  std::uint32_t tokens = 0;             // its length
  std::vector<std::uint32_t> segments;  // segment numbers, in order
  std::vector<std::uint32_t> evidence;  // positions in `segments` that questions are about, ascending
  std::optional<std::uint32_t>
      alike;  // fillers chosen since they are like the evidence; none where all are random
  std::optional<std::uint64_t>
      twin_of;  // an unanswerable twin: that context with a filler in place of each evidence segment

  template <class Self, class Visitor>
  static void fields(Self& context, Visitor& visit) {
    visit("id", context.id);
    visit("kind", context.kind);
    visit("split", context.split);
    visit("target_tokens", context.target_tokens);
    visit("tokens", context.tokens);
    visit("segments", context.segments);
    visit("evidence", context.evidence);
    visit("alike", context.alike);
    visit("twin_of", context.twin_of);
  }
};

// One question with its answer.
struct Question {
  std::string question;
  std::string answer;
  std::vector<std::uint32_t> evidence;  // positions in the context's segments
  Json labels = Json::object();         // e.g. {"type":"planted","extractive":true,"attribute":"colour"}

  template <class Self, class Visitor>
  static void fields(Self& question, Visitor& visit) {
    visit("question", question.question);
    visit("answer", question.answer);
    visit("evidence", question.evidence);
    visit.if_present("labels", question.labels);
  }
};

// Questions on one context, ready for training or probing.
struct Example {
  std::uint64_t id = 0;
  std::uint64_t context = 0;  // id of a context of the same DATA folder
  std::string kind;           // name of the context's kind, or "general"
  Split split = Split::train;
  std::vector<Question> questions;

  template <class Self, class Visitor>
  static void fields(Self& example, Visitor& visit) {
    visit("id", example.id);
    visit("context", example.context);
    visit("kind", example.kind);
    visit("split", example.split);
    visit("questions", example.questions);
  }
};

FILM_DECLARE_JSON(DocumentInfo);
FILM_DECLARE_JSON(Needle);
FILM_DECLARE_JSON(Context);
FILM_DECLARE_JSON(Example);

}  // namespace film
