#pragma once
// A DATA folder that `film synth` (and `film qa`) wrote, opened for reading. Layout: docs/formats.md.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/records/conversation.h"
#include "film/records/records.h"
#include "film/records/synth_facts.h"
#include "film/text/tokenizer.h"

namespace film::folders {

// Cheap to copy; const functions may be called from several threads.
class DataFolder {
 public:
  // Maps the segment store and reads manifest and contexts. `folder` is DATA, or a folder of questions about it, which
  // is DATA with these questions alone (question_folders.h). Throws no_input ("run film synth first") and bad_data, with
  // the file and the key at fault.
  explicit DataFolder(const fs::path& folder);

  const fs::path& path() const;  // of DATA
  const SynthFacts& facts() const;
  std::string identity() const;  // SHA-256 of manifest.json: what was made from this folder depends on it
  // Throws bad_data: a file of DATA is not as film synth wrote it. Reads them all, so it is for commands whose results
  // depend on them; questions are checked when they are read.
  void require_unchanged() const;
  // The model that film synth used, or `file` if that is not empty, checked by its hash. Throws config_error.
  text::Tokenizer tokenizer(const std::string& file = "") const;
  const std::string& tokenizer_sha256() const { return facts().tokenizer.sha256; }
  const std::string& needle_question() const;  // the setting records.question; empty without needles

  std::uint64_t segment_count() const;
  text::TokenIds segment_tokens(std::uint32_t segment) const;
  const Needle* needle(std::uint32_t segment) const;  // planted into a segment, or nullptr

  const std::vector<Context>& contexts() const;    // in order of id; contexts()[i].id == i
  const Context& context(std::uint64_t id) const;  // throws bad_data for an unknown id
  // Segment tokens joined by the newline's; exactly context.tokens ids.
  text::TokenIds tokens(const Context& context) const;
  // A context made of the evidence segments of `context` alone, in their order.
  Context evidence_of(const Context& context) const;
  // Texts of the segments at these positions of the context, or of all, decoded from their ids.
  std::vector<std::string> segment_texts(const Context& context, std::span<const std::uint32_t> positions,
                                         const text::Tokenizer& tokenizer) const;
  std::vector<std::string> segment_texts(const Context& context, const text::Tokenizer& tokenizer) const;

  bool has_examples() const;
  // Of all its folders of questions, numbered through; all splits or one. Throws no_input ("run film qa first"), and
  // bad_data: the questions were written about other contexts, or have changed since.
  std::vector<Example> examples(std::optional<Split> split = std::nullopt) const;

  // Instruction data to be mixed in; empty where there is none. Throws bad_data: it was drawn for another DATA, or has
  // changed since.
  std::vector<Conversation> conversations() const;

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

}  // namespace film::folders
