#pragma once
// Writes the segment store of a DATA folder (docs/formats.md).
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/corpus/store.h"
#include "film/records/records.h"
#include "film/text/long_lines.h"

namespace film::corpus {

// A document as it will be stored, made apart from all others: numbers count from its own beginning.
struct StoredDocument {
  DocumentInfo info;                           // without id; `segments` grows with the rows
  std::vector<SegmentRow> rows;                // of its segments; document = 0, first_token = 0 for the first
  std::string tokens;                          // ids of all segments, as bytes of the store
  std::vector<std::optional<Needle>> needles;  // parallel to `rows`, or empty
  std::string line;                            // of documents/part-*.jsonl, for id 0
  bool continues = false;                      // goes on where the document before ends
  text::LineCuts cuts;                         // of its lines

  // `line` is the segment's, `token_bytes` as of the store.
  void add(std::span<const text::TokenId> ids, std::uint32_t line, int token_bytes);
  void finish();  // sets `line`; nothing changes later
};

// Writes segments/part-*.tokens, .index, documents/part-*.jsonl and, with needles, segments/planted.jsonl. Every file
// appears whole or not at all; a new part begins with the first document past `part_tokens`.
class StoreWriter {
 public:
  StoreWriter(fs::path data, std::uint64_t part_tokens, bool with_needles);
  ~StoreWriter();
  void add(StoredDocument& document);  // numbers its rows; ids are 0, 1, 2 ...
  std::vector<fs::path> finish();      // commits; the files, relative to the DATA folder

 private:
  struct Part;
  void open_part();
  void close_part();
  void write_needles(const StoredDocument& document);

  fs::path data_;
  std::uint64_t part_tokens_;
  std::uint64_t documents_ = 0, segments_ = 0;
  std::unique_ptr<Part> part_;
  std::unique_ptr<AtomicFile> needles_;
  std::vector<fs::path> files_;
};

}  // namespace film::corpus
