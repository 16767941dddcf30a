#pragma once
// Line by line through plain, gzip (.gz) and Zstandard (.zst) files, and the append-only JSONL journal.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "film/base/files.h"
#include "film/base/json.h"

namespace film {

// Reads lines without their '\n' (a final '\r' is kept: it is data). The format is told by the first bytes,
// not by the name. A damaged or truncated stream throws bad_data with the file's name.
class LineReader {
 public:
  explicit LineReader(const fs::path& path);
  ~LineReader();
  bool next(std::string& line);                        // false at the end of the file
  std::uint64_t line_number() const { return line_; }  // of the line last returned, from 1
  const fs::path& path() const { return path_; }
  std::string where() const;  // "file:line"

 private:
  class Source;
  fs::path path_;
  std::unique_ptr<Source> source_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::uint64_t line_ = 0;
  bool ended_ = false;
};

// Calls `use(record, "file:line")` for every line of a JSONL file that film wrote; throws bad_data on a bad
// line.
void for_each_record(const fs::path& path, const std::function<void(const Json&, const std::string&)>& use);

// Append-only JSONL. Opening cuts a torn last line (a crash in mid-write) and says so in the log. append()
// buffers; write() hands all appended so far to the system, and a kill loses none of it; sync() also fsyncs
// it as one group, and a crash of the machine loses none of it.
class Journal {
 public:
  explicit Journal(fs::path path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  void append(const Json& record);
  void write();
  void sync();

 private:
  void cut_torn_tail();
  fs::path path_;
  int fd_ = -1;
  std::string pending_;    // appended, not written
  bool unsynced_ = false;  // written, not fsynced
};

}  // namespace film
