#pragma once
// The prompts of film qa, read from files, and the requests made from them.
#include <string>
#include <vector>

#include "../plain_text.h"
#include "ask.h"
#include "film/endpoint/chat.h"
#include "film/records/qa_facts.h"

namespace film::questions {

class Prompts {
 public:
  // Throws no_input, and config_error for a file without {evidence}.
  explicit Prompts(const PromptFiles& files);

  endpoint::ChatRequest request(const Ask& ask) const;
  // The first 16 hex digits of the SHA-256 of the prompt's file.
  const std::string& version(ContextKind kind) const { return of(kind).version; }
  PromptVersions versions() const;  // what a resumed run must agree on
  // Phrases that no question or answer may contain.
  const std::vector<PlainText>& banned() const { return banned_; }

 private:
  struct Prompt {
    std::string before, after, version;  // before and after: of {evidence}
  };
  static Prompt read(const std::string& file);
  const Prompt& of(ContextKind kind) const {
    return kind == ContextKind::integration ? integration_ : fine_grained_;
  }
  Prompt fine_grained_, integration_;
  std::vector<PlainText> banned_;
  std::string banned_version_;
};

}  // namespace film::questions
