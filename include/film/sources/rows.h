#pragma once
// Users' files as rows with named columns, in bounded memory: batches are read in order by one thread at a time, and
// parsed by many. Odd rows are counted values, never exceptions; a damaged file ends the reading.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "film/sources/files.h"

namespace film::sources {

// What a JSON value may be to serve as a cell. A CSV cell is a string and serves as any of them.
//   string: a string.  scalar: a string, number or boolean, as text.
//   list: a list of scalars, or a single one.  any: every value; what is not a string or scalar as JSON text.
enum class CellType : std::uint8_t { string, scalar, list, any };

struct Column {
  std::string name;  // key of the JSON object, or name in the CSV header
  CellType type = CellType::string;
  bool required = true;  // false: a row without it, or with null there, has an absent cell
};

struct Columns {
  std::vector<Column> columns;
  bool any_case =
      false;  // names are compared without regard to ASCII capitals, blanks and quotes at their ends
};

struct Cell {
  bool present = false;
  bool is_string = false;         // in JSON; always in CSV
  std::string text;               // for list: empty
  std::vector<std::string> list;  // for list
};

// Why a row cannot be used. The words are fixed: they are counted in manifests.
enum class RowFault : std::uint8_t {
  bad_utf8,
  bad_json,
  not_an_object,
  duplicate_key,   // a column's key is there twice
  missing,         // a required column
  wrong_type,      // a column's value is not of its type
  empty,           // a blank line; CSV: all cells are blank
  too_large,       // a row of 1 GiB or more
  cell_count,      // CSV: a required column is not there, or more cells than in the header hold something
  missing_column,  // CSV: the header lacks a required column; the whole file is this one row
  damaged,         // EPUB, DOCX, ODT, PDF: cut off, broken, or not what it says
  encrypted,       // the same: a password, or digital rights management
  scanned,         // PDF: pictures of pages
  garbled,         // PDF: characters that mean nothing
};
constexpr auto enum_names(RowFault) {
  return std::array{EnumName{RowFault::bad_utf8, "bad_utf8"},
                    EnumName{RowFault::bad_json, "bad_json"},
                    EnumName{RowFault::not_an_object, "not_an_object"},
                    EnumName{RowFault::duplicate_key, "duplicate_key"},
                    EnumName{RowFault::missing, "missing"},
                    EnumName{RowFault::wrong_type, "wrong_type"},
                    EnumName{RowFault::empty, "empty"},
                    EnumName{RowFault::too_large, "too_large"},
                    EnumName{RowFault::cell_count, "cell_count"},
                    EnumName{RowFault::missing_column, "missing_column"},
                    EnumName{RowFault::damaged, "damaged"},
                    EnumName{RowFault::encrypted, "encrypted"},
                    EnumName{RowFault::scanned, "scanned"},
                    EnumName{RowFault::garbled, "garbled"}};
}

// What is odd about a row that can be used all the same.
enum class RowNote : std::uint8_t {
  lax_json,        // its JSON is not valid, but what is read of it is
  half_surrogate,  // an escape such as \ud800 without its other half became U+FFFD
  // of html, epub, docx, odt and pdf:
  no_break_blank,      // U+00A0 became a blank
  soft_hyphen,         // U+00AD was left out
  lost_part,           // a damaged chapter or table of contents was left out
  footnotes_left_out,  // footnotes and endnotes
  guessed_hyphen,  // a word that is parted at the end of a line, and nowhere else in the document, was joined
};
constexpr auto enum_names(RowNote) {
  return std::array{EnumName{RowNote::lax_json, "lax_json"},
                    EnumName{RowNote::half_surrogate, "half_surrogate"},
                    EnumName{RowNote::no_break_blank, "no_break_blank"},
                    EnumName{RowNote::soft_hyphen, "soft_hyphen"},
                    EnumName{RowNote::lost_part, "lost_part"},
                    EnumName{RowNote::footnotes_left_out, "footnotes_left_out"},
                    EnumName{RowNote::guessed_hyphen, "guessed_hyphen"}};
}

struct Row {
  std::size_t file = 0;     // number in the list of files
  std::uint64_t line = 0;   // where it begins, from 1; 0: the row is the whole file
  std::vector<Cell> cells;  // parallel to the columns asked for; empty with a fault
  std::optional<RowFault> fault;
  std::string detail;  // of a fault, for people: which column, what was found
  std::set<RowNote> notes = {};
};

// "docs/a.jsonl:12", or "docs/a.txt" where the line is 0.
std::string where(const std::string& name, std::uint64_t line);
std::string where(const Row& row, const std::vector<SourceFile>& files);

// Raw rows of one stretch of the input.
class Batch {
 public:
  virtual ~Batch() = default;
  // Rows in order, odd ones too. May be called from any thread. A text file's content fills the first column.
  virtual std::vector<Row> parse(const Columns& columns) const = 0;

  std::uint64_t bytes = 0;  // estimate of what it takes of the input on disk
  // Where it begins, by these estimates: bytes of the list before it. The same wherever the batch is read.
  std::uint64_t before = 0;
};

// Whether the file is one row, a document; of the other kinds a file is many.
bool is_one_row(const SourceFile& file);

// Reads one file, or several small ones: one class for each way of storing rows. A new kind of file (Parquet, say) is
// another class, and one line in open_rows().
class RowReader {
 public:
  virtual ~RowReader() = default;
  // The next batch, cheaply and in order; nothing at the end. Throws bad_data for a damaged file or a git-lfs pointer.
  virtual std::unique_ptr<Batch> next() = 0;
  // How many files of the list it reads.
  virtual std::size_t files() const { return 1; }
};
// The reader of files[first] (and of text files behind it). Keeps a reference to `files`.
std::unique_ptr<RowReader> open_rows(const std::vector<SourceFile>& files, std::size_t first);

// All files of a list one after another. Batch i is the same for any number of threads: pull(0), pull(1), … may be
// called from different threads at once, and each waits for its turn.
class SourceReader {
 public:
  explicit SourceReader(const std::vector<SourceFile>& files);  // keeps a reference
  ~SourceReader();
  // Nothing past the end. Throws as RowReader::next does.
  std::unique_ptr<Batch> pull(std::size_t number);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Every row of the files in order, on the calling thread.
template <class Use>
void for_each_row(const std::vector<SourceFile>& files, const Columns& columns, Use use) {
  SourceReader reader(files);
  for (std::size_t number = 0; const std::unique_ptr<Batch> batch = reader.pull(number); ++number)
    for (Row& row : batch->parse(columns)) use(std::move(row));
}

}  // namespace film::sources
