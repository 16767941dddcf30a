// Files that are one row each. A batch names some files; whoever parses it reads them.
#include <simdjson.h>

#include <span>

#include "film/base/git_lfs.h"
#include "film/base/text_stream.h"
#include "readers.h"

namespace film::sources {
namespace {

constexpr std::size_t kBatchFiles = 256;

class TextBatch : public Batch {
 public:
  TextBatch(std::span<const SourceFile> files, std::size_t first) : files_(files), first_(first) {}

  std::vector<Row> parse(const Columns& columns) const override {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < files_.size(); ++i) rows.push_back(read(files_[i], first_ + i, columns));
    return rows;
  }

 private:
  static Row read(const SourceFile& file, std::size_t number, const Columns& columns) {
    if (file.kind != FileKind::text && file.kind != FileKind::markdown)
      return document_row(file, number, columns);
    std::string text;
    const std::unique_ptr<ByteStream> bytes = open_text(file.path);
    while (text.size() < kLargestRow && bytes->read(text)) {
    }
    if (is_lfs_pointer(text)) throw lfs_pointer_error(file.path.string());
    if (text.size() >= kLargestRow) return faulty(number, 0, RowFault::too_large);
    if (!simdjson::validate_utf8(text))
      return faulty(number, 0, RowFault::bad_utf8, encoding_advice(file.path));
    Row row;
    row.file = number;
    row.cells.resize(columns.columns.size());
    row.cells.front() = {true, true, std::move(text), {}};
    return row;
  }

  std::span<const SourceFile> files_;
  std::size_t first_;
};

// All such files of the list from `first` to the next file of another kind.
class TextReader : public RowReader {
 public:
  TextReader(const std::vector<SourceFile>& files, std::size_t first)
      : files_(files), first_(first), next_(first) {
    while (end_ < files.size() && is_one_row(files[end_])) ++end_;
  }

  std::unique_ptr<Batch> next() override {
    if (next_ == end_) return nullptr;
    const std::size_t first = next_;
    std::uint64_t bytes = 0;
    while (next_ < end_ && bytes < kBatchBytes && next_ - first < kBatchFiles) bytes += files_[next_++].bytes;
    auto batch = std::make_unique<TextBatch>(std::span(files_).subspan(first, next_ - first), first);
    batch->bytes = bytes;
    return batch;
  }
  std::size_t files() const override { return end_ - first_; }

 private:
  const std::vector<SourceFile>& files_;
  const std::size_t first_;
  std::size_t next_, end_ = first_;
};

}  // namespace

std::unique_ptr<RowReader> open_text_rows(const std::vector<SourceFile>& files, std::size_t first) {
  return std::make_unique<TextReader>(files, first);
}

}  // namespace film::sources
