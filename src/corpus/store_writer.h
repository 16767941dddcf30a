#pragma once
// Writes the segment store of a DATA folder (docs/formats.md).
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "film/base/files.h"
#include "film/records/records.h"
#include "film/text/long_lines.h"
#include "film/text/segmenter.h"

namespace film::corpus {

// A document ready to be stored; `needles` is parallel to `segments` or empty.
struct StoredDocument {
  DocumentInfo info;
  std::vector<text::Segment> segments;
  std::vector<std::optional<Needle>> needles;
  bool continues = false;  // goes on where the document before ends
  text::LineCuts cuts;     // of its lines
};

// Writes segments/part-*.tokens, .index, documents/part-*.jsonl and, with needles, segments/planted.jsonl. Every file
// appears whole or not at all; a new part begins with the first document past `part_tokens`.
class StoreWriter {
 public:
  StoreWriter(fs::path data, int token_bytes, std::uint64_t part_tokens, bool with_needles);
  ~StoreWriter();
  void add(const StoredDocument& document);  // in order of id
  std::vector<fs::path> finish();            // commits; the files, relative to the DATA folder

 private:
  struct Part;
  void open_part();
  void close_part();
  void write_tokens(const text::TokenIds& tokens);
  void write_needle(const Needle& needle);

  fs::path data_;
  int token_bytes_;
  std::uint64_t part_tokens_;
  std::uint64_t segments_ = 0;
  std::unique_ptr<Part> part_;
  std::unique_ptr<AtomicFile> needles_;
  std::vector<fs::path> files_;
};

}  // namespace film::corpus
