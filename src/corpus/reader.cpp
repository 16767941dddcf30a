#include "film/corpus/reader.h"

#include "film/base/error.h"

namespace film::corpus {
namespace {

constexpr std::size_t kBatchBytes = 1 << 20;
constexpr std::size_t kBatchFiles = 256;
constexpr std::uint64_t kTypicalRatio = 3;  // of gzip and zstd on text; only the progress bar uses it

}  // namespace

CorpusReader::CorpusReader(const std::vector<CorpusFile>& files) : files_(files) {}

RawBatch CorpusReader::pull(std::size_t number) {
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [&] { return next_ == number; });
  RawBatch batch;
  try {
    if (!ended_) batch = read_next();
    ended_ = batch.empty();
  } catch (...) {
    ended_ = true;  // those who wait get empty batches; this one's exception ends the work
    ++next_;
    turn_.notify_all();
    throw;
  }
  ++next_;
  turn_.notify_all();
  return batch;
}

RawBatch CorpusReader::read_next() {
  while (file_ < files_.size()) {
    if (!files_[file_].jsonl) return take_text_files();
    RawBatch batch = read_lines();
    if (!batch.empty()) return batch;
  }
  return {};
}

RawBatch CorpusReader::read_lines() {
  const CorpusFile& file = files_[file_];
  if (!lines_) lines_ = std::make_unique<LineReader>(file.path);
  RawBatch batch;
  batch.file = file_;
  batch.line = lines_->line_number() + 1;
  std::size_t size = 0;
  bool ended = false;
  while (size < kBatchBytes && !ended) {
    std::string line;
    ended = !lines_->next(line);
    if (ended) break;
    if (lines_->line_number() == 1 && is_lfs_pointer(line)) throw lfs_pointer_error(file.path.string());
    size += line.size() + 1;
    batch.lines.push_back(std::move(line));
  }
  const std::uint64_t left = file.bytes - file_bytes_;
  batch.bytes = ended ? left : std::min<std::uint64_t>(left, file.compressed ? size / kTypicalRatio : size);
  file_bytes_ += batch.bytes;
  if (ended) {
    lines_.reset();
    file_bytes_ = 0;
    ++file_;
  }
  return batch;
}

RawBatch CorpusReader::take_text_files() {
  RawBatch batch;
  batch.file = file_;
  while (file_ < files_.size() && !files_[file_].jsonl && batch.bytes < kBatchBytes &&
         batch.files < kBatchFiles) {
    batch.bytes += files_[file_].bytes;
    ++batch.files;
    ++file_;
  }
  return batch;
}

}  // namespace film::corpus
