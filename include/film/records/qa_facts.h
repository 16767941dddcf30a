#pragma once
// The facts of DATA/questions/manifest.json: what `film qa` did (docs/formats.md).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "film/base/json_fields.h"

namespace film {

using CountByName = std::map<std::string, std::uint64_t>;

struct QaExamples {
  std::uint64_t count = 0;
  CountByName by_split;

  template <class Self, class Visitor>
  static void fields(Self& examples, Visitor& visit) {
    visit("count", examples.count);
    visit("by_split", examples.by_split);
  }
};

struct QaQuestions {
  std::uint64_t count = 0;
  CountByName by_type, by_split;

  template <class Self, class Visitor>
  static void fields(Self& questions, Visitor& visit) {
    visit("count", questions.count);
    visit("by_type", questions.by_type);
    visit("by_split", questions.by_split);
  }
};

struct QaRejected {
  std::uint64_t count = 0;
  CountByName by_reason;

  template <class Self, class Visitor>
  static void fields(Self& rejected, Visitor& visit) {
    visit("count", rejected.count);
    visit("by_reason", rejected.by_reason);
  }
};

// Evidence of the questions by depth (slot + 1/2) / segments, in 16 equal bins.
struct QaSlots {
  std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(16);

  template <class Self, class Visitor>
  static void fields(Self& slots, Visitor& visit) {
    visit("counts", slots.counts);
  }
};

// Questions that the twin of their context (film/records/records.h) does not answer.
struct QaTwins {
  std::uint64_t wanted = 0,
                written = 0;  // wanted: by contexts.twins, of the training questions with an answer

  template <class Self, class Visitor>
  static void fields(Self& twins, Visitor& visit) {
    visit("wanted", twins.wanted);
    visit("written", twins.written);
  }
};

// What became of the contexts and their questions.
struct QaCounts {
  std::uint64_t contexts = 0;  // asked about
  QaExamples examples;         // contexts with at least one question
  std::uint64_t contexts_without_questions = 0;
  QaQuestions questions;
  QaRejected rejected;
  QaSlots slots;
  std::optional<QaTwins>
      twins;  // only where DATA has some; examples and questions count them too, as type "unanswerable"

  template <class Self, class Visitor>
  static void fields(Self& counts, Visitor& visit) {
    visit("contexts", counts.contexts);
    visit("examples", counts.examples);
    visit("contexts_without_questions", counts.contexts_without_questions);
    visit("questions", counts.questions);
    visit("rejected", counts.rejected);
    visit("slots", counts.slots);
    visit("twins", counts.twins);
  }
};

// The model that wrote the questions, as the settings name it, and the tokens of those that were kept.
struct QaEndpointFacts {
  std::string model, service;
  std::int64_t prompt_tokens = 0, completion_tokens = 0;

  template <class Self, class Visitor>
  static void fields(Self& endpoint, Visitor& visit) {
    visit("model", endpoint.model);
    visit("service", endpoint.service);
    visit("prompt_tokens", endpoint.prompt_tokens);
    visit("completion_tokens", endpoint.completion_tokens);
  }
};

// The first 16 hex digits of the SHA-256 of each prompt file.
struct PromptVersions {
  std::string fine_grained, integration, banned;

  template <class Self, class Visitor>
  static void fields(Self& versions, Visitor& visit) {
    visit("fine_grained", versions.fine_grained);
    visit("integration", versions.integration);
    visit("banned", versions.banned);
  }
};

// Contexts of one split and kind that a model was asked about.
struct QaGroup {
  std::uint64_t wanted = 0, kept = 0;  // with a question
  std::uint64_t asked = 0;             // spares included

  template <class Self, class Visitor>
  static void fields(Self& group, Visitor& visit) {
    visit("wanted", group.wanted);
    visit("kept", group.kept);
    visit("asked", group.asked);
  }
};

// The file of questions that people wrote.
struct QaImportFacts {
  std::string file, sha256;
  std::uint64_t rows = 0;

  template <class Self, class Visitor>
  static void fields(Self& import, Visitor& visit) {
    visit("file", import.file);
    visit("sha256", import.sha256);
    visit("rows", import.rows);
  }
};

struct QaFacts {
  std::uint64_t seed = 0;
  std::string generator;  // offline, endpoint or import
  std::string data;       // SHA-256 of DATA/manifest.json
  QaCounts counts;
  std::optional<QaEndpointFacts> endpoint;  // these three: of generator endpoint
  std::optional<PromptVersions> prompts;
  std::optional<std::map<std::string, QaGroup>> groups;  // by "SPLIT KIND"
  std::optional<QaImportFacts> import;                   // of generator import

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant("kind", "qa");
    visit("seed", facts.seed);
    visit("generator", facts.generator);
    visit("data", facts.data);
    QaCounts::fields(facts.counts, visit);
    visit("endpoint", facts.endpoint);
    visit("prompts", facts.prompts);
    visit("groups", facts.groups);
    visit("import", facts.import);
  }
};

FILM_DECLARE_JSON(QaFacts);

}  // namespace film
