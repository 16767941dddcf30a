// JSON objects over any number of lines: the elements of an array, or one object after another.
#include "film/base/strings.h"
#include "film/base/text_stream.h"
#include "json_batch.h"

namespace film::sources {
namespace {

// The objects of a byte stream, one by one. What stands between them, commas and the brackets of arrays, is passed over;
// anything else is an item too, which will not be taken for an object.
class ObjectReader {
 public:
  explicit ObjectReader(const fs::path& path) : bytes_(open_text(path)) {}

  bool next(std::string& text) {
    text.clear();
    while (at_one_of(" \t\r\n,[]\xEF\xBB\xBF")) pass();
    if (!fill()) return false;
    begin_ = line_;
    if (buffer_[at_] == '{')
      take_object(text);
    else
      take_other(text);
    return true;
  }
  std::uint64_t line() const { return begin_; }  // on which the last item begins

 private:
  bool fill() {
    while (at_ == buffer_.size()) {
      buffer_.clear();
      at_ = 0;
      if (!bytes_->read(buffer_)) return false;
    }
    return true;
  }

  bool at_one_of(std::string_view separators) {
    return fill() && separators.find(buffer_[at_]) != std::string_view::npos;
  }

  char pass() {
    const char c = buffer_[at_++];
    if (c == '\n') ++line_;
    return c;
  }

  // Up to its closing brace, or to the end of the file; what is too large is not looked at further.
  void take_object(std::string& text) {
    std::size_t depth = 0;
    bool quoted = false, escaped = false;
    while (fill() && text.size() < kLargestRow) {
      const char c = pass();
      text += c;
      if (quoted) {
        quoted = escaped || c != '"';
        escaped = !escaped && c == '\\';
        continue;
      }
      if (c == '"') quoted = true;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return;
    }
  }

  void take_other(std::string& text) {
    do text += pass();
    while (fill() && std::string_view(",[]{\r\n").find(buffer_[at_]) == std::string_view::npos &&
           text.size() < kLargestRow);
  }

  std::unique_ptr<ByteStream> bytes_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1, begin_ = 1;
};

}  // namespace

std::unique_ptr<RowReader> open_json_rows(const SourceFile& file, std::size_t number) {
  return std::make_unique<JsonReader<ObjectReader>>(file, number);
}

}  // namespace film::sources
