// JSONL: one object a line.
#include "film/base/git_lfs.h"
#include "film/base/lines.h"
#include "json_batch.h"

namespace film::sources {
namespace {

class ObjectLines {
 public:
  explicit ObjectLines(const fs::path& path) : lines_(path, LineFile::user) {}

  bool next(std::string& line) {
    if (!lines_.next(line)) return false;
    if (lines_.line_number() == 1 && is_lfs_pointer(line)) throw lfs_pointer_error(lines_.path().string());
    return true;
  }
  std::uint64_t line() const { return lines_.line_number(); }

 private:
  LineReader lines_;
};

}  // namespace

std::unique_ptr<RowReader> open_jsonl_rows(const SourceFile& file, std::size_t number) {
  return std::make_unique<JsonReader<ObjectLines>>(file, number);
}

}  // namespace film::sources
