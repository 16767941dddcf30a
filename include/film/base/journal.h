#pragma once
// The append-only JSONL journal.
#include <string>
#include <string_view>

#include "film/base/file_descriptor.h"
#include "film/base/json.h"

namespace film {

// Opening cuts a torn last line (a crash in mid-write) and says so in the log. append() buffers; write() hands
// all appended so far to the system, and a kill loses none of it; sync() also fsyncs it as one group, and a
// crash of the machine loses none of it. A failed write throws io_error and may be tried again: no byte goes
// out twice. A failed fsync is never tried again.
class Journal {
 public:
  explicit Journal(std::filesystem::path path);
  void append(const Json& record) { append_line(to_line(record)); }
  void append_line(std::string_view line);  // a record, without its end
  void write();
  void sync();

 private:
  void cut_torn_tail();
  std::filesystem::path path_;
  FileDescriptor file_;
  std::string pending_;    // appended, not written
  bool unsynced_ = false;  // written, not fsynced
};

}  // namespace film
