#pragma once
// General instruction data: conversations that are about no context of a corpus (paper section 2.2: 200 K of 1.75 M).
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "film/base/json_fields.h"

namespace film {

struct Turn {
  std::string user, assistant;
  bool loss = true;  // whether the answer is trained on

  template <class Self, class Visitor>
  static void fields(Self& turn, Visitor& visit) {
    visit("user", turn.user);
    visit("assistant", turn.assistant);
    visit("loss", turn.loss);
  }
};

// A line of DATA/general/conversations.jsonl.
struct Conversation {
  std::uint64_t id = 0;  // its number in the file
  std::string where;     // "orca.jsonl:12"
  std::string context;   // what the first turn is about; may be empty
  std::vector<Turn> turns;

  template <class Self, class Visitor>
  static void fields(Self& conversation, Visitor& visit) {
    visit("id", conversation.id);
    visit("where", conversation.where);
    visit("context", conversation.context);
    visit("turns", conversation.turns);
  }
};

// Facts of DATA/general/manifest.json.
struct GeneralFacts {
  std::string data;  // SHA-256 of DATA/manifest.json
  std::uint64_t seed = 0;
  std::uint64_t rows = 0, usable = 0;          // of the files
  std::uint64_t conversations = 0, turns = 0;  // that were drawn
  std::uint64_t with_context = 0;              // of these
  std::uint64_t questions = 0;  // of DATA's training examples, which they are mixed with; 0: not asked
  std::map<std::string, std::uint64_t> rejected;  // rows by reason

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant("kind", "general");
    visit("data", facts.data);
    visit("seed", facts.seed);
    visit("rows", facts.rows);
    visit("usable", facts.usable);
    visit("conversations", facts.conversations);
    visit("turns", facts.turns);
    visit("with_context", facts.with_context);
    visit("questions", facts.questions);
    visit("rejected", facts.rejected);
  }
};

FILM_DECLARE_JSON(Conversation);
FILM_DECLARE_JSON(GeneralFacts);

}  // namespace film
