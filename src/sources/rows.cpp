#include "film/sources/rows.h"

#include <condition_variable>
#include <mutex>

#include "film/base/strings.h"
#include "film/base/text_stream.h"
#include "readers.h"

namespace film::sources {

std::string where(const std::string& name, std::uint64_t line) {
  return line == 0 ? name : name + ":" + std::to_string(line);
}

std::string where(const Row& row, const std::vector<SourceFile>& files) {
  return where(files[row.file].name, row.line);
}

bool is_one_row(const SourceFile& file) {
  using enum FileKind;
  return file.kind != jsonl && file.kind != json && file.kind != csv && file.kind != tsv &&
         file.kind != parquet;
}

Row faulty(std::size_t file, std::uint64_t line, RowFault fault, std::string detail) {
  Row row;
  row.file = file;
  row.line = line;
  row.fault = fault;
  row.detail = std::move(detail);
  return row;
}

std::size_t find_column(const Columns& columns, std::string_view name) {
  for (std::size_t i = 0; i < columns.columns.size(); ++i) {
    const std::string& wanted = columns.columns[i].name;
    if (wanted == name) return i;
    if (columns.any_case && to_lower_ascii(wanted) == to_lower_ascii(trim(name, "\"'"))) return i;
  }
  return std::string::npos;
}

const std::string& EncodingAdvice::text() {
  if (text_.empty()) text_ = encoding_advice(file_.path);
  return text_;
}

std::uint64_t BytesOnDisk::take(std::size_t decompressed, bool last) {
  constexpr std::uint64_t kTypicalRatio = 3;  // of gzip and zstd on text
  const std::uint64_t taken =
      last ? left_ : std::min<std::uint64_t>(left_, packed_ ? decompressed / kTypicalRatio : decompressed);
  left_ -= taken;
  return taken;
}

std::unique_ptr<RowReader> open_rows(const std::vector<SourceFile>& files, std::size_t first) {
  switch (files[first].kind) {
    case FileKind::jsonl:
      return open_jsonl_rows(files[first], first);
    case FileKind::json:
      return open_json_rows(files[first], first);
    case FileKind::csv:
    case FileKind::tsv:
      return open_csv_rows(files[first], first);
    case FileKind::parquet:
      return open_parquet_rows(files[first], first);
    default:  // those that are one row
      return open_text_rows(files, first);
  }
}

struct SourceReader::State {
  const std::vector<SourceFile>& files;
  std::mutex mutex{};
  std::condition_variable turn{};
  std::size_t next = 0;  // whose turn it is
  bool ended = false;    // the files ended, or reading failed
  std::size_t file = 0;
  std::unique_ptr<RowReader> reader{};
  std::uint64_t file_begin = 0, before = 0;  // bytes before the file, and before the next batch

  std::unique_ptr<Batch> read_next() {
    while (file < files.size()) {
      if (!reader) reader = open_rows(files, file);
      if (std::unique_ptr<Batch> batch = reader->next()) {
        batch->before = before;
        before += batch->bytes;
        return batch;
      }
      for (const std::size_t end = file + reader->files(); file < end; ++file)
        file_begin += files[file].bytes;
      before = file_begin;
      reader.reset();
    }
    return nullptr;
  }
};

SourceReader::SourceReader(const std::vector<SourceFile>& files) : state_(new State{files}) {}
SourceReader::~SourceReader() = default;

std::unique_ptr<Batch> SourceReader::pull(std::size_t number) {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  s.turn.wait(lock, [&] { return s.next == number; });
  std::unique_ptr<Batch> batch;
  try {
    if (!s.ended) batch = s.read_next();
    s.ended = batch == nullptr;
  } catch (...) {
    s.ended = true;  // those who wait get nothing; this one's exception ends the work
    ++s.next;
    s.turn.notify_all();
    throw;
  }
  ++s.next;
  s.turn.notify_all();
  return batch;
}

}  // namespace film::sources
