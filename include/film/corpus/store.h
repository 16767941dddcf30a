#pragma once
// The segment store on disk (docs/formats.md): token ids and fixed index rows in parts.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/text/tokenizer.h"

namespace film::corpus {

// One row of segments/part-NNNNN.index: 24 bytes, little-endian.
struct SegmentRow {
  std::uint64_t first_token = 0;  // within the part's .tokens file
  std::uint64_t document = 0;     // id
  std::uint32_t tokens = 0;
  std::uint32_t line = 0;  // where it begins in the document's text, from 0
};
static_assert(sizeof(SegmentRow) == 24);

// Bytes of a stored token id: 2 while ids fit, else 4.
int stored_token_bytes(std::size_t vocab_size);

// "segments/part-00012.tokens".
fs::path part_path(const std::string& folder, std::size_t number, const std::string& ending);

// The store mapped into memory for reading. Cheap to copy.
class SegmentStore {
 public:
  SegmentStore() = default;
  // Throws no_input (no store in `data`) and bad_data (a file is truncated or parts do not fit together).
  SegmentStore(const fs::path& data, int token_bytes);

  std::uint64_t size() const { return size_; }
  const SegmentRow& row(std::uint64_t segment) const;  // throws bad_data for an unknown segment
  void append_tokens(std::uint64_t segment, text::TokenIds& ids) const;

 private:
  struct Part {
    std::uint64_t first = 0;  // segment number of its first row
    MappedFile tokens, index;
  };
  const Part& part_of(std::uint64_t segment) const;
  int token_bytes_ = 2;
  std::uint64_t size_ = 0;
  std::vector<Part> parts_;
};

}  // namespace film::corpus
