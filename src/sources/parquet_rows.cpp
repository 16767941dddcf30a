// Parquet, by pyarrow in a Python of the user's: its rows as JSON, one a line, through a file without a name.
#include "documents/converter.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/strings.h"
#include "json_batch.h"
#include "parquet.h"
#include "spool_file.h"

namespace film::sources {
namespace {

constexpr const char* kScript = R"(
import json, sys
import pyarrow.parquet
out = open(1, "w", encoding="utf-8", errors="replace", newline="\n")
def plain(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
for batch in pyarrow.parquet.ParquetFile(sys.argv[1]).iter_batches(batch_size=512):
    for row in batch.to_pylist():
        out.write(json.dumps(row, ensure_ascii=False, default=plain) + "\n")
out.close()
)";

// A table may be as large as a corpus: no limit of time, and of memory what a row group of some gigabytes takes.
constexpr ConverterLimits kLimits = {.memory = std::uint64_t{32} << 30, .seconds = 0};

bool has_pyarrow(const fs::path& python) {
  const auto ignore = [](std::string_view) { return true; };
  return run_converter(python, {"-c", "import pyarrow.parquet"}, ignore, kLimits).exit_code == 0;
}

SpoolFile rows_as_json(const fs::path& path) {
  const std::optional<fs::path> python = parquet_program();
  if (!python) throw bad_data(path.string() + " is Parquet, which film reads by pyarrow", kGetPyarrow);
  SpoolFile rows;
  const ConverterResult result = run_converter(
      *python, {"-c", kScript, fs::absolute(path).string()},
      [&](std::string_view block) {
        rows.write(block);
        return true;
      },
      kLimits);
  if (result.exit_code == 0) return rows;
  const std::string complaint(trim(result.complaint));
  const std::size_t last = complaint.rfind('\n');
  throw bad_data(path.string() + ": damaged or truncated Parquet (" +
                     (last == complaint.npos ? complaint : complaint.substr(last + 1)) + ")",
                 "fetch the file again");
}

class ParquetLines {
 public:
  explicit ParquetLines(const fs::path& path) : rows_(rows_as_json(path)), lines_(rows_.path()) {}
  bool next(std::string& line) { return lines_.next(line); }
  std::uint64_t line() const { return lines_.line_number(); }  // the number of the row, from 1

 private:
  SpoolFile rows_;
  LineReader lines_;
};

}  // namespace

std::optional<fs::path> parquet_program() {
  static const std::optional<fs::path> found = [] {
    std::optional<fs::path> python = find_program("python3");
    return python && has_pyarrow(*python) ? python : std::nullopt;
  }();
  return found;
}

std::unique_ptr<RowReader> open_parquet_rows(const SourceFile& file, std::size_t number) {
  return std::make_unique<JsonReader<ParquetLines>>(file, number);
}

}  // namespace film::sources
