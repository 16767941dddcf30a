#include "store_writer.h"

#include <bit>
#include <cstring>

namespace film::corpus {

static_assert(std::endian::native == std::endian::little, "the store is written as it lies in memory");

namespace {

constexpr std::string_view kIdKey = "{\"id\":";  // with which a document's line begins

}  // namespace

struct StoreWriter::Part {
  fs::path tokens_path, index_path, documents_path;
  AtomicFile tokens, index, documents;
  std::uint64_t count = 0;  // tokens in it

  Part(const fs::path& data, std::size_t number)
      : tokens_path(part_path("segments", number, ".tokens")),
        index_path(part_path("segments", number, ".index")),
        documents_path(part_path("documents", number, ".jsonl")),
        tokens(data / tokens_path, Hashing::as_written),
        index(data / index_path, Hashing::as_written),
        documents(data / documents_path, Hashing::as_written) {}
};

void StoredDocument::add(std::span<const text::TokenId> ids, std::uint32_t segment_line, int token_bytes) {
  const std::uint64_t first = rows.empty() ? 0 : rows.back().first_token + rows.back().tokens;
  rows.push_back({first, 0, static_cast<std::uint32_t>(ids.size()), segment_line});
  ++info.segments;
  const std::size_t begin = tokens.size();
  tokens.resize(begin + ids.size() * static_cast<std::size_t>(token_bytes));
  char* to = tokens.data() + begin;
  if (token_bytes == 4) {
    std::memcpy(to, ids.data(), ids.size_bytes());
    return;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto narrow = static_cast<std::uint16_t>(ids[i]);
    std::memcpy(to + i * sizeof narrow, &narrow, sizeof narrow);
  }
}

void StoredDocument::finish() { line = to_line(to_json(info)) + '\n'; }

StoreWriter::StoreWriter(fs::path data, std::uint64_t part_tokens, bool with_needles)
    : data_(std::move(data)), part_tokens_(part_tokens) {
  make_folder(data_ / "segments");
  make_folder(data_ / "documents");
  if (with_needles)
    needles_ = std::make_unique<AtomicFile>(data_ / "segments" / "planted.jsonl", Hashing::as_written);
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

void StoreWriter::write_needles(const StoredDocument& document) {
  for (std::size_t i = 0; i < document.needles.size(); ++i) {
    if (!document.needles[i]) continue;
    Json line = {{"segment", segments_ + i}};
    line.update(to_json(*document.needles[i]));
    needles_->write(to_line(line) + '\n');
  }
}

void StoreWriter::add(StoredDocument& document) {
  if (part_->count >= part_tokens_) {
    close_part();
    open_part();
  }
  const std::uint64_t first = part_->count;
  for (SegmentRow& row : document.rows) {
    row.document = documents_;
    row.first_token += first;
    part_->count += row.tokens;
  }
  part_->index.write_values(std::span<const SegmentRow>(document.rows));
  part_->tokens.write(document.tokens);
  write_needles(document);
  segments_ += document.rows.size();
  part_->documents.write(kIdKey);
  part_->documents.write(std::to_string(documents_++));
  part_->documents.write(std::string_view(document.line).substr(kIdKey.size() + 1));
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
