#pragma once
// Private to the module: the readers of each way of storing rows, and what they share.
#include <memory>
#include <string>

#include "film/sources/rows.h"

namespace film::sources {

inline constexpr std::size_t kBatchBytes = 1 << 20;               // a batch holds about so much
inline constexpr std::size_t kLargestRow = std::size_t{1} << 30;  // larger ones are RowFault::too_large

std::unique_ptr<RowReader> open_text_rows(const std::vector<SourceFile>& files, std::size_t first);
std::unique_ptr<RowReader> open_jsonl_rows(const SourceFile& file, std::size_t number);
std::unique_ptr<RowReader> open_json_rows(const SourceFile& file, std::size_t number);
std::unique_ptr<RowReader> open_parquet_rows(const SourceFile& file, std::size_t number);
std::unique_ptr<RowReader> open_csv_rows(const SourceFile& file, std::size_t number);

// The row of a file that is a document with marks around its text.
Row document_row(const SourceFile& file, std::size_t number, const Columns& columns);

Row faulty(std::size_t file, std::uint64_t line, RowFault fault, std::string detail = "");

// The number of the column of that name, or npos.
std::size_t find_column(const Columns& columns, std::string_view name);

// What to do about a file that is not UTF-8, found out when it is first asked for.
class EncodingAdvice {
 public:
  explicit EncodingAdvice(const SourceFile& file) : file_(file) {}
  const std::string& text();

 private:
  const SourceFile& file_;
  std::string text_;
};

// How many of a file's bytes on disk a batch stands for, so that all of its batches together are the whole file.
class BytesOnDisk {
 public:
  explicit BytesOnDisk(const SourceFile& file)
      : left_(file.bytes), packed_(file.compression != Compression::none) {}
  std::uint64_t take(std::size_t decompressed, bool last);

 private:
  std::uint64_t left_;
  bool packed_;
};

}  // namespace film::sources
