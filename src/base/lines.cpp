#include "film/base/lines.h"

namespace film {

LineReader::LineReader(const fs::path& path) : path_(path), bytes_(open_bytes(path)) {}

bool LineReader::next(std::string& line) {
  std::size_t searched = begin_;
  while (true) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      line.assign(buffer_, begin_, end - begin_);
      begin_ = end + 1;
      ++line_;
      return true;
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched = buffer_.size();
    if (!ended_) ended_ = !bytes_->read(buffer_);
    if (ended_ && searched == buffer_.size()) break;
  }
  if (buffer_.empty()) return false;
  line.swap(buffer_);
  buffer_.clear();
  ++line_;
  return true;
}

std::string LineReader::where() const { return path_.string() + ":" + std::to_string(line_); }

void for_each_record(const fs::path& path, const std::function<void(const Json&, const std::string&)>& use) {
  LineReader reader(path);
  std::string line;
  while (reader.next(line)) use(parse_json(line, reader.where()), reader.where());
}

}  // namespace film
