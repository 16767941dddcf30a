#include "store_writer.h"

#include <bit>

#include "film/corpus/store.h"

namespace film::corpus {

static_assert(std::endian::native == std::endian::little, "the store is written as it lies in memory");

struct StoreWriter::Part {
  fs::path tokens_path, index_path, documents_path;
  AtomicFile tokens, index, documents;
  std::uint64_t count = 0;  // tokens in it

  Part(const fs::path& data, std::size_t number)
      : tokens_path(part_path("segments", number, ".tokens")),
        index_path(part_path("segments", number, ".index")),
        documents_path(part_path("documents", number, ".jsonl")),
        tokens(data / tokens_path),
        index(data / index_path),
        documents(data / documents_path) {}
};

StoreWriter::StoreWriter(fs::path data, int token_bytes, std::uint64_t part_tokens, bool with_needles)
    : data_(std::move(data)), token_bytes_(token_bytes), part_tokens_(part_tokens) {
  make_folder(data_ / "segments");
  make_folder(data_ / "documents");
  if (with_needles) needles_ = std::make_unique<AtomicFile>(data_ / "segments" / "planted.jsonl");
  open_part();
}

StoreWriter::~StoreWriter() = default;

void StoreWriter::open_part() { part_ = std::make_unique<Part>(data_, files_.size() / 3); }

void StoreWriter::close_part() {
  part_->tokens.commit();
  part_->index.commit();
  part_->documents.commit();
  files_.insert(files_.end(), {part_->tokens_path, part_->index_path, part_->documents_path});
  part_.reset();
}

void StoreWriter::write_tokens(const text::TokenIds& tokens) {
  if (token_bytes_ == 4) {
    part_->tokens.write_values(std::span<const text::TokenId>(tokens));
    return;
  }
  std::vector<std::uint16_t> narrow;
  narrow.reserve(tokens.size());
  for (const text::TokenId id : tokens) narrow.push_back(static_cast<std::uint16_t>(id));
  part_->tokens.write_values(std::span<const std::uint16_t>(narrow));
}

// Of the segment that is written next.
void StoreWriter::write_needle(const Needle& needle) {
  Json line = {{"segment", segments_}};
  line.update(to_json(needle));
  needles_->write(to_line(line) + '\n');
}

void StoreWriter::add(const StoredDocument& stored) {
  if (part_->count >= part_tokens_) {
    close_part();
    open_part();
  }
  for (std::size_t i = 0; i < stored.segments.size(); ++i) {
    const text::Segment& segment = stored.segments[i];
    const auto tokens = static_cast<std::uint32_t>(segment.tokens.size());
    const SegmentRow row{part_->count, stored.info.id, tokens, segment.line};
    part_->index.write_values(std::span<const SegmentRow>(&row, 1));
    write_tokens(segment.tokens);
    part_->count += tokens;
    if (i < stored.needles.size() && stored.needles[i]) write_needle(*stored.needles[i]);
    ++segments_;
  }
  part_->documents.write(to_line(to_json(stored.info)) + '\n');
}

std::vector<fs::path> StoreWriter::finish() {
  close_part();
  if (needles_) {
    needles_->commit();
    files_.push_back(fs::path("segments") / "planted.jsonl");
  }
  return files_;
}

}  // namespace film::corpus
