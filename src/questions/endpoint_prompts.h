#pragma once
// The prompts of film qa, read from files, and the requests made from them.
#include <string>
#include <vector>

#include "film/endpoint/chat.h"
#include "film/questions/endpoint_settings.h"
#include "film/records/records.h"

namespace film::questions {

// One request about a context.
struct Ask {
  std::uint64_t context = 0;
  ContextKind kind = ContextKind::fine_grained;
  std::vector<std::uint32_t>
      positions;                   // of the evidence in the context; of integration in the document's order
  std::vector<std::string> texts;  // parallel to positions
};

class Prompts {
 public:
  // Throws no_input, and config_error for a file without {evidence}.
  explicit Prompts(const PromptFiles& files);

  endpoint::ChatRequest request(const Ask& ask) const;
  const std::string& version(ContextKind kind) const { return of(kind).version; }
  const std::vector<std::string>& banned() const { return banned_; }  // in small letters
  Json hashes() const;  // of all files: what a resumed run must agree on

 private:
  struct Prompt {
    std::string before, after, version;  // around {evidence}; version: 16 hex digits of the file's SHA-256
  };
  static Prompt read(const std::string& file);
  const Prompt& of(ContextKind kind) const {
    return kind == ContextKind::integration ? integration_ : fine_grained_;
  }
  Prompt fine_grained_, integration_;
  std::vector<std::string> banned_;
  std::string banned_version_;
};

// A file that comes with film, found from here, beside the program or in the folders above it.
fs::path shipped_file(const std::string& name);

}  // namespace film::questions
