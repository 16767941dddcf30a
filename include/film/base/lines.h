#pragma once
// Line by line through plain and packed files (byte_stream.h).
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "film/base/byte_stream.h"
#include "film/base/journal.h"
#include "film/base/json.h"

namespace film {

// Whose file it is. film: UTF-8, lines end with '\n'. user: also UTF-16 with a byte order mark; where the beginning of the
// file has more '\r' alone than '\n', lines end with '\r', and a '\n' is data.
enum class LineFile { film, user };

// Reads lines without their '\n' (a '\r' before it is kept: it is data). The format is told by the first bytes,
// not by the name. A damaged or truncated stream throws bad_data with the file's name.
class LineReader {
 public:
  explicit LineReader(const fs::path& path, LineFile file = LineFile::film);
  bool next(std::string& line);                        // false at the end of the file
  std::uint64_t line_number() const { return line_; }  // of the line last returned, from 1
  const fs::path& path() const { return path_; }
  std::string where() const;  // "file:line"

 private:
  char end_of_line();

  fs::path path_;
  std::unique_ptr<ByteStream> bytes_;
  char end_ = '\n';
  std::string buffer_;
  std::size_t begin_ = 0;
  std::uint64_t line_ = 0;
  bool ended_ = false;
};

// Calls `use(record, "file:line")` for every line of a JSONL file that film wrote; throws bad_data on
// a bad line.
void for_each_record(const fs::path& path, const std::function<void(const Json&, const std::string&)>& use);

}  // namespace film
