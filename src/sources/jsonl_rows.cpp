// JSONL: one object a line.
#include "film/base/git_lfs.h"
#include "film/base/lines.h"
#include "json_batch.h"
#include "readers.h"

namespace film::sources {
namespace {

class JsonlReader : public RowReader {
 public:
  JsonlReader(const SourceFile& file, std::size_t number)
      : file_(file), number_(number), lines_(file.path, LineFile::user), bytes_on_disk_(file) {}

  std::unique_ptr<Batch> next() override {
    auto batch = std::make_unique<JsonBatch>(file_, number_);
    std::size_t size = 0;
    while (size < kBatchBytes) {
      std::string line;
      ended_ = ended_ || !lines_.next(line);
      if (ended_) break;
      if (lines_.line_number() == 1 && is_lfs_pointer(line)) throw lfs_pointer_error(lines_.path().string());
      size += line.size() + 1;
      batch->add(lines_.line_number(), std::move(line));
    }
    if (size == 0) return nullptr;
    batch->bytes = bytes_on_disk_.take(size, ended_);
    return batch;
  }

 private:
  const SourceFile& file_;
  std::size_t number_;
  LineReader lines_;
  BytesOnDisk bytes_on_disk_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RowReader> open_jsonl_rows(const SourceFile& file, std::size_t number) {
  return std::make_unique<JsonlReader>(file, number);
}

}  // namespace film::sources
