#pragma once
// The segment store on disk (docs/formats.md): token ids and fixed index rows in parts, documents beside
// them.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/files.h"
#include "film/corpus/segmenter.h"
#include "film/records/records.h"
#include "film/text/tokenizer.h"

namespace film::corpus {

enum class Split : std::uint8_t { train, validation, test };
inline constexpr std::size_t kSplits = 3;
const char* to_text(Split split);

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

// A document ready to be stored; `planted` is parallel to `segments` or empty.
struct StoredDocument {
  Document document;  // its text is not stored
  Split split = Split::train;
  std::vector<Segment> segments;
  std::vector<std::optional<PlantedRecord>> planted;
};

// Writes segments/part-*.tokens, .index, documents/part-*.jsonl and, with records, segments/planted.jsonl.
// Every file appears whole or not at all; a new part begins with the first document past `part_tokens`.
class StoreWriter {
 public:
  StoreWriter(fs::path data, int token_bytes, std::uint64_t part_tokens, bool with_records);
  ~StoreWriter();
  void add(const StoredDocument& document);  // in order of id
  std::vector<fs::path> finish();            // commits; the files, relative to the DATA folder

 private:
  struct Part;
  void open_part();
  void close_part();
  void write_tokens(const text::TokenIds& tokens);

  fs::path data_;
  int token_bytes_;
  std::uint64_t part_tokens_;
  std::uint64_t segments_ = 0;
  std::unique_ptr<Part> part_;
  std::unique_ptr<AtomicFile> planted_;
  std::vector<fs::path> files_;
};

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

// "segments/part-00012.tokens".
fs::path part_path(const std::string& folder, std::size_t number, const std::string& ending);

}  // namespace film::corpus
