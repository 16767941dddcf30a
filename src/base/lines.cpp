#include "film/base/lines.h"

#include "film/base/text_stream.h"

namespace film {

LineReader::LineReader(const fs::path& path, LineFile file)
    : path_(path), bytes_(file == LineFile::user ? open_text(path) : open_bytes(path)) {
  if (file == LineFile::user) end_ = end_of_line();
}

// Outside of quotes, since a cell may hold the other kind.
char LineReader::end_of_line() {
  while (buffer_.empty() && bytes_->read(buffer_)) {
  }
  std::size_t alone = 0, feeds = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < buffer_.size(); ++i) {
    if (buffer_[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (buffer_[i] == '\n') ++feeds;
    const bool known = i + 1 < buffer_.size();  // what follows the last byte is in the next block
    if (buffer_[i] == '\r' && known && buffer_[i + 1] != '\n') ++alone;
  }
  return alone > feeds ? '\r' : '\n';
}

bool LineReader::next(std::string& line) {
  std::size_t searched = begin_;
  while (true) {
    const std::size_t end = buffer_.find(end_, searched);
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
