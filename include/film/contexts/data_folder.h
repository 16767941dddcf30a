#pragma once
// A DATA folder that `film synth` (and `film qa`) wrote, opened for reading. Layout: docs/formats.md.
#include <memory>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/records/records.h"
#include "film/text/tokenizer.h"

namespace film::contexts {

class DataFolder {
 public:
  // Maps the segment store and reads manifests; throws no_input ("run film synth first") and bad_data.
  explicit DataFolder(const fs::path& folder);

  const fs::path& path() const;
  const Json& manifest() const;
  const std::string& tokenizer_sha256() const;

  std::uint64_t segment_count() const;
  text::TokenIds segment_tokens(std::uint64_t segment) const;
  // The record planted into a segment, or nullptr.
  const PlantedRecord* planted(std::uint64_t segment) const;

  const std::vector<Context>& contexts() const;    // in order of id; context(i).id == i
  const Context& context(std::uint64_t id) const;  // throws bad_data for an unknown id
  // Segment tokens joined by the newline token; exactly context.tokens ids.
  text::TokenIds tokens(const Context& context) const;
  // A context made of the evidence segments of `context` alone, in their order.
  Context evidence_of(const Context& context) const;
  // Segment texts joined by '\n' (decoded from ids).
  std::vector<std::string> segment_texts(const Context& context, const text::Tokenizer& tokenizer) const;

  bool has_examples() const;
  // questions/examples.jsonl, all splits or one; throws no_input ("run film qa first").
  std::vector<Example> examples(const std::string& split = "") const;

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

}  // namespace film::contexts
