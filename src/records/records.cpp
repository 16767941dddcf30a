#include "film/records/records.h"

#include <array>
#include <utility>

namespace film {
namespace {

constexpr std::array<std::pair<ContextKind, const char*>, 3> kKinds = {{
    {ContextKind::fine_grained, "fine_grained"},
    {ContextKind::integration, "integration"},
    {ContextKind::short_text, "short"},
}};

}  // namespace

std::string to_text(ContextKind kind) {
  for (const auto& [value, name] : kKinds)
    if (value == kind) return name;
  throw internal_error("a context kind without a name");
}

ContextKind context_kind(const std::string& text) {
  for (const auto& [value, name] : kKinds)
    if (text == name) return value;
  throw bad_data("unknown context kind \"" + text + "\"", "expected fine_grained, integration or short");
}

Json to_json(const Context& c) {
  return {{"id", c.id},
          {"kind", to_text(c.kind)},
          {"split", c.split},
          {"target_tokens", c.target_tokens},
          {"tokens", c.tokens},
          {"segments", c.segments},
          {"evidence", c.evidence}};
}

Context context_from_json(const Json& j, const std::string& where) {
  Context c;
  c.id = member<std::uint64_t>(j, "id", where);
  c.kind = context_kind(member<std::string>(j, "kind", where));
  c.split = member<std::string>(j, "split", where);
  c.target_tokens = member<std::uint32_t>(j, "target_tokens", where);
  c.tokens = member<std::uint32_t>(j, "tokens", where);
  c.segments = member<std::vector<std::uint64_t>>(j, "segments", where);
  c.evidence = member<std::vector<std::uint32_t>>(j, "evidence", where);
  return c;
}

Json to_json(const PlantedRecord& r) {
  return {{"attribute", r.attribute}, {"value", r.value}, {"sentence", r.sentence}};
}

PlantedRecord planted_from_json(const Json& j, const std::string& where) {
  return {member<std::string>(j, "attribute", where), member<std::string>(j, "value", where),
          member<std::string>(j, "sentence", where)};
}

Json to_json(const Example& e) {
  Json questions = Json::array();
  for (const Question& q : e.questions)
    questions.push_back(
        {{"question", q.question}, {"answer", q.answer}, {"evidence", q.evidence}, {"labels", q.labels}});
  return {
      {"id", e.id}, {"context", e.context}, {"kind", e.kind}, {"split", e.split}, {"questions", questions}};
}

Example example_from_json(const Json& j, const std::string& where) {
  Example e;
  e.id = member<std::uint64_t>(j, "id", where);
  e.context = member<std::uint64_t>(j, "context", where);
  e.kind = member<std::string>(j, "kind", where);
  e.split = member<std::string>(j, "split", where);
  for (const Json& q : member<Json>(j, "questions", where))
    e.questions.push_back({member<std::string>(q, "question", where), member<std::string>(q, "answer", where),
                           member<std::vector<std::uint32_t>>(q, "evidence", where),
                           q.value("labels", Json::object())});
  return e;
}

Json to_json(const Prediction& p) {
  return {{"task", p.task},         {"id", p.id},     {"output", p.output}, {"expected", p.expected},
          {"position", p.position}, {"slot", p.slot}, {"slots", p.slots},   {"score", p.score}};
}

Prediction prediction_from_json(const Json& j, const std::string& where) {
  return {member<std::string>(j, "task", where),    member<std::string>(j, "id", where),
          member<std::string>(j, "output", where),  member<std::string>(j, "expected", where),
          member<double>(j, "position", where),     member<std::uint32_t>(j, "slot", where),
          member<std::uint32_t>(j, "slots", where), member<double>(j, "score", where)};
}

namespace {

Json position_to_json(const PositionScore& p) {
  return {{"begin", p.begin}, {"end", p.end}, {"count", p.count},
          {"mean", p.mean},   {"low", p.low}, {"high", p.high}};
}

PositionScore position_from_json(const Json& j, const std::string& where) {
  return {member<double>(j, "begin", where),        member<double>(j, "end", where),
          member<std::uint64_t>(j, "count", where), member<double>(j, "mean", where),
          member<double>(j, "low", where),          member<double>(j, "high", where)};
}

Json positions_to_json(const std::vector<PositionScore>& positions) {
  Json array = Json::array();
  for (const PositionScore& p : positions) array.push_back(position_to_json(p));
  return array;
}

std::vector<PositionScore> positions_from_json(const Json& j, const std::string& where) {
  std::vector<PositionScore> positions;
  for (const Json& p : member<Json>(j, "positions", where)) positions.push_back(position_from_json(p, where));
  return positions;
}

}  // namespace

Json to_json(const Score& s) {
  return {{"task", s.task},   {"metric", s.metric},   {"pattern", s.pattern},
          {"count", s.count}, {"average", s.average}, {"low", s.low},
          {"high", s.high},   {"gap", s.gap},         {"positions", positions_to_json(s.positions)},
          {"notes", s.notes}};
}

Score score_from_json(const Json& j, const std::string& where) {
  Score s;
  s.task = member<std::string>(j, "task", where);
  s.metric = member<std::string>(j, "metric", where);
  s.pattern = member<std::string>(j, "pattern", where);
  s.count = member<std::uint64_t>(j, "count", where);
  s.average = member<double>(j, "average", where);
  s.low = member<double>(j, "low", where);
  s.high = member<double>(j, "high", where);
  s.gap = member<double>(j, "gap", where);
  s.positions = positions_from_json(j, where);
  s.notes = j.value("notes", Json::object());
  return s;
}

Json to_json(const Comparison& c) {
  return {{"task", c.task},
          {"metric", c.metric},
          {"before", c.before},
          {"after", c.after},
          {"count", c.count},
          {"better", c.better},
          {"worse", c.worse},
          {"difference", c.difference},
          {"low", c.low},
          {"high", c.high},
          {"gap_difference", c.gap_difference},
          {"gap_low", c.gap_low},
          {"gap_high", c.gap_high},
          {"positions", positions_to_json(c.positions)}};
}

Comparison comparison_from_json(const Json& j, const std::string& where) {
  Comparison c;
  c.task = member<std::string>(j, "task", where);
  c.metric = member<std::string>(j, "metric", where);
  c.before = member<std::string>(j, "before", where);
  c.after = member<std::string>(j, "after", where);
  c.count = member<std::uint64_t>(j, "count", where);
  c.better = member<std::uint64_t>(j, "better", where);
  c.worse = member<std::uint64_t>(j, "worse", where);
  c.difference = member<double>(j, "difference", where);
  c.low = member<double>(j, "low", where);
  c.high = member<double>(j, "high", where);
  c.gap_difference = member<double>(j, "gap_difference", where);
  c.gap_low = member<double>(j, "gap_low", where);
  c.gap_high = member<double>(j, "gap_high", where);
  c.positions = positions_from_json(j, where);
  return c;
}

}  // namespace film
