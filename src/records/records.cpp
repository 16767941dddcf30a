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
  Json json = {{"task", p.task}, {"id", p.id}, {"output", p.output}, {"expected", p.expected}};
  if (p.evidence) {
    json["position"] = p.evidence->depth();
    json["slot"] = p.evidence->slot;
    json["slots"] = p.evidence->slots;
  }
  if (!p.log_likelihoods.empty()) json["log_likelihoods"] = p.log_likelihoods;
  json["score"] = p.score;
  return json;
}

Prediction prediction_from_json(const Json& j, const std::string& where) {
  Prediction p;
  p.task = member<std::string>(j, "task", where);
  p.id = member<std::string>(j, "id", where);
  p.output = member<std::string>(j, "output", where);
  p.expected = member<std::string>(j, "expected", where);
  if (j.contains("slot"))
    p.evidence = {member<std::uint32_t>(j, "slot", where), member<std::uint32_t>(j, "slots", where)};
  if (j.contains("log_likelihoods"))
    p.log_likelihoods = member<std::vector<double>>(j, "log_likelihoods", where);
  p.score = member<double>(j, "score", where);
  return p;
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
  Json json = {{"task", s.task}, {"metric", s.metric}};
  if (s.curve) json["pattern"] = s.pattern;
  json["count"] = s.count;
  json["average"] = s.average;
  json["low"] = s.low;
  json["high"] = s.high;
  if (s.curve) {
    json["gap"] = s.curve->gap;
    json["positions"] = positions_to_json(s.curve->positions);
  }
  json["notes"] = s.notes;
  return json;
}

Score score_from_json(const Json& j, const std::string& where) {
  Score s;
  s.task = member<std::string>(j, "task", where);
  s.metric = member<std::string>(j, "metric", where);
  s.count = member<std::uint64_t>(j, "count", where);
  s.average = member<double>(j, "average", where);
  s.low = member<double>(j, "low", where);
  s.high = member<double>(j, "high", where);
  if (j.contains("positions")) {
    s.pattern = member<std::string>(j, "pattern", where);
    s.curve = {member<double>(j, "gap", where), positions_from_json(j, where)};
  }
  s.notes = j.value("notes", Json::object());
  return s;
}

Json to_json(const Comparison& c) {
  Json json = {{"task", c.task},   {"metric", c.metric}, {"before", c.before}, {"after", c.after},
               {"count", c.count}, {"better", c.better}, {"worse", c.worse},   {"difference", c.difference},
               {"low", c.low},     {"high", c.high}};
  if (c.curve) {
    json["gap_difference"] = c.curve->gap;
    json["gap_low"] = c.curve->gap_low;
    json["gap_high"] = c.curve->gap_high;
    json["positions"] = positions_to_json(c.curve->positions);
  }
  return json;
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
  if (j.contains("positions"))
    c.curve = {member<double>(j, "gap_difference", where), member<double>(j, "gap_low", where),
               member<double>(j, "gap_high", where), positions_from_json(j, where)};
  return c;
}

}  // namespace film
