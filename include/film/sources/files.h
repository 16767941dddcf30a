#pragma once
// Which of the users' files to read, in which order: the only place that walks folders for input.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/byte_stream.h"
#include "film/base/enum_names.h"
#include "film/base/error.h"
#include "film/base/files.h"

namespace film::sources {

// text and markdown: the file is one row with one column. jsonl: one JSON object a line. json: objects in an array, or
// one after another, over any number of lines. csv: a header line, cells parted by comma, semicolon, tab or |. tsv: the
// same by tab. html, epub, docx, odt, pdf: the file is one row, its text in the first column, its title in the column
// "title". parquet: a table; its rows by pyarrow.
enum class FileKind : std::uint8_t {
  text,
  markdown,
  jsonl,
  json,
  csv,
  tsv,
  html,
  epub,
  docx,
  odt,
  pdf,
  parquet
};
constexpr auto enum_names(FileKind) {
  return std::array{EnumName{FileKind::text, "text"},   EnumName{FileKind::markdown, "markdown"},
                    EnumName{FileKind::jsonl, "jsonl"}, EnumName{FileKind::json, "json"},
                    EnumName{FileKind::csv, "csv"},     EnumName{FileKind::tsv, "tsv"},
                    EnumName{FileKind::html, "html"},   EnumName{FileKind::epub, "epub"},
                    EnumName{FileKind::docx, "docx"},   EnumName{FileKind::odt, "odt"},
                    EnumName{FileKind::pdf, "pdf"},     EnumName{FileKind::parquet, "parquet"}};
}

struct SourceFile {
  fs::path path;
  std::string name;  // from the input's own last name on, so that it does not depend on where the input lies:
                     // "docs/ref/models.txt" for the input /data/docs
  FileKind kind = FileKind::text;
  Compression compression = Compression::none;
  bool utf16 = false;       // it begins with the byte order mark of UTF-16
  std::uint64_t bytes = 0;  // on disk
};

// What a caller can use. Endings are compared without regard to ASCII capitals, and without a last .gz, .zst, .xz or .bz2.
struct FileFilter {
  // Files whose names end with one of these are text: ".txt", ".md", ".py".
  std::vector<std::string> text_endings = {};
  // Of the other kinds (json with jsonl): those taken. Endings: .jsonl .ndjson .json; .csv; .tsv .tab; .html .htm .xhtml;
  // .epub; .docx; .odt; .pdf; .parquet
  std::vector<FileKind> kinds = {};
  // Names text_endings in messages if they are a setting: "extensions".
  std::string endings_setting = {};
};

// Why an entry of a folder was not taken.
enum class PassedOver : std::uint8_t {
  hidden,
  foreign,  // archives, images and others that are not read
  other_ending,
  film_folder,  // DATA, RUN and EVAL folders: --out may be inside the inputs
  unreadable,
  broken_link,
  listed_before,
  not_a_file
};
constexpr auto enum_names(PassedOver) {
  return std::array{EnumName{PassedOver::hidden, "hidden"},
                    EnumName{PassedOver::foreign, "not read"},
                    EnumName{PassedOver::other_ending, "another ending"},
                    EnumName{PassedOver::film_folder, "written by film"},
                    EnumName{PassedOver::unreadable, "unreadable"},
                    EnumName{PassedOver::broken_link, "broken link"},
                    EnumName{PassedOver::listed_before, "folder listed before"},
                    EnumName{PassedOver::not_a_file, "not a file"}};
}

struct FileList {
  struct Left {
    std::string name;  // as in SourceFile; a folder ends with '/'
    PassedOver reason = PassedOver::hidden;
    std::string kind = {};     // of a foreign file: "PDF"
    std::string way_out = {};  // and how to make one of it that is read; empty where there is no way
  };
  std::vector<SourceFile> files;
  std::vector<Left> passed_over;  // by name; a hidden or unreadable folder is one entry
};

// The inputs in the order given.
//   "-" is standard input, kept in a file without a name; its name in rows is "stdin".
//   A file is taken whatever its name. html, epub, docx, odt, pdf and parquet are told by content. Then its ending tells its kind
//   if the filter has that ending; else its content does: a first character '{' is jsonl, '[' before '{' or a '{' alone on
//   its line is json; what is left is text, or csv where the filter has no text endings. A file of a kind that is not read
//   is bad_data, with the way out; so are PDF and Parquet where the program that reads them is missing.
//   A folder means all files below it that the filter takes, sorted by name. Names that begin with '.' are hidden
//   and left out, and so are folders that film wrote. Links to files count as files; links to folders are followed, but
//   no folder is listed twice, so that links that lead in a circle end.
// What is passed over is in the list, and counted in the log; kinds that are not read in a warning. `setting` names the
// inputs in messages. Throws no_input (an input is missing, or there is no file at all), denied (an input cannot be
// read) and bad_data.
FileList list_files(const std::vector<fs::path>& inputs, const FileFilter& filter,
                    const std::string& setting);

// "3 passed over (2 hidden: docs/.git/, docs/.a; 1 PDF: docs/x.pdf)"; empty when nothing was.
std::string passed_over_text(const FileList& list);

// SHA-256 over names and sizes: tells cheaply whether a run is resumed over the same files.
std::string listing_sha256(const std::vector<SourceFile>& files);

}  // namespace film::sources
