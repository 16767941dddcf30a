#include "foreign.h"

#include <algorithm>
#include <array>

#include "film/base/fill_template.h"
#include "film/base/strings.h"
#include "film/base/text_stream.h"
#include "parquet.h"

namespace film::sources {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kHead = 4096, kTail = 1 << 16;
constexpr std::size_t kPdfJunk = 16;  // bytes that may stand before the mark: a text may well speak of it

constexpr const char* kPandoc = "pandoc -t plain --wrap=none {file} -o {stem}.txt";
constexpr const char* kPoppler =
    "install pdftotext, by which film reads it (Debian: apt-get install poppler-utils)";
constexpr const char* kSheet = "save it as CSV (UTF-8) from the program that made it";
constexpr const char* kParquet =
    "python3 -c \"import pandas; pandas.read_parquet('{file}').to_json('{stem}.jsonl', orient='records', "
    "lines=True)\"";
constexpr const char* kFeather =
    "python3 -c \"import pandas; pandas.read_feather('{file}').to_json('{stem}.jsonl', orient='records', "
    "lines=True)\"";
constexpr const char* kOldOffice = "libreoffice --headless --convert-to txt {file}";
constexpr const char* kPicture = "tesseract {file} {stem}";
constexpr const char* kUnzip = "unzip {file} -d {stem}";

struct Signature {
  std::string_view bytes;
  std::size_t at;  // where they are
  const char* name;
  const char* way_out;
};
constexpr std::array kSignatures = {
    Signature{"ARROW1\0\0"sv, 0, "Arrow", kFeather},
    Signature{"Obj\x01"sv, 0, "Avro", "make JSON Lines of it"},
    Signature{"SQLite format 3\0"sv, 0, "SQLite",
              "sqlite3 -csv -header {file} 'SELECT * FROM TABLE' > {stem}.csv"},
    Signature{"\x89HDF"sv, 0, "HDF5", "make JSON Lines of it"},
    Signature{"7z\xBC\xAF\x27\x1C"sv, 0, "7z", "7z x {file}"},
    Signature{"Rar!\x1A\x07"sv, 0, "RAR", "unrar x {file}"},
    Signature{"ustar\0"sv, 257, "tar", "tar -xf {file}"},
    Signature{"ustar  \0"sv, 257, "tar", "tar -xf {file}"},
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, 0, "old Office (doc, xls, ppt)", kOldOffice},
    Signature{"{\\rtf"sv, 0, "RTF", kPandoc},
    Signature{"\x89PNG\r\n"sv, 0, "image", kPicture},
    Signature{"\xFF\xD8\xFF"sv, 0, "image", kPicture},
    Signature{"GIF87a"sv, 0, "image", kPicture},
    Signature{"GIF89a"sv, 0, "image", kPicture},
    Signature{"II*\0"sv, 0, "image", kPicture},
    Signature{"MM\0*"sv, 0, "image", kPicture},
    Signature{"AT&TFORM"sv, 0, "DjVu", "djvutxt {file} {stem}.txt"},
    Signature{"\x7F"
              "ELF"sv,
              0, "program", ""}};

// Archives of the zip format by a member or a word that only they hold.
struct Member {
  std::string_view name;
  const char* kind;
  const char* way_out;
  std::optional<FileKind> read = std::nullopt;  // as that, by whoever takes it
};
constexpr std::array kZipMembers = {Member{"application/epub+zip", "EPUB", kPandoc, FileKind::epub},
                                    Member{"vnd.oasis.opendocument.text", "ODT", kPandoc, FileKind::odt},
                                    Member{"opendocument.spreadsheet", "ODS", kSheet},
                                    Member{"word/document.xml", "DOCX", kPandoc, FileKind::docx},
                                    Member{"xl/workbook.", "XLSX", kSheet},
                                    Member{"ppt/presentation.xml", "PPTX", kOldOffice},
                                    Member{"META-INF/container.xml", "EPUB", kPandoc, FileKind::epub}};

struct Ending {
  std::string_view ending;
  const char* name;
  const char* way_out;
};
constexpr std::array kEndings = {
    Ending{".html", "HTML", kPandoc}, Ending{".htm", "HTML", kPandoc}, Ending{".xhtml", "HTML", kPandoc},
    Ending{".ipynb", "Jupyter notebook", "jupyter nbconvert --to markdown {file}"},
    Ending{".xml", "XML", ""}};

Foreign foreign(const char* name, const char* way_out, const fs::path& path) {
  return {name,
          fill_template(way_out, {{"{file}", path.filename().string()}, {"{stem}", path.stem().string()}})};
}

// UTF-16 is read where its byte order mark says so; without it letters and zeros take turns.
std::optional<Foreign> wide_text(std::string_view head, const fs::path& path) {
  if (head.find('\0') == head.npos) return std::nullopt;
  const std::string encoding = guess_encoding(head);
  const bool marked = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
  if (encoding.empty() || (marked && encoding != "UTF-32")) return std::nullopt;
  const std::string way_out =
      "iconv -f " + encoding + " -t UTF-8 {file} > {stem}.utf8" + path.extension().string();
  return foreign((encoding + " without a byte order mark").c_str(), way_out.c_str(), path);
}

// The beginning and the end of a file.
class Ends {
 public:
  explicit Ends(const fs::path& path) : file_(path) {
    const std::string_view bytes(reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size());
    head = bytes.substr(0, kHead);
    tail = bytes.substr(bytes.size() - std::min(kTail, bytes.size()));
  }
  bool is_pdf() const { return head.find("%PDF-") < kPdfJunk; }
  bool is_parquet() const { return head.starts_with("PAR1") && tail.ends_with("PAR1") && head.size() > 8; }
  bool is_zip() const { return head.starts_with("PK\x03\x04"); }
  const Member* zip_member() const {
    for (const Member& member : kZipMembers)
      if (head.find(member.name) != head.npos || tail.find(member.name) != tail.npos) return &member;
    return nullptr;
  }

  std::string_view head, tail;

 private:
  MappedFile file_;
};

}  // namespace

std::optional<FileKind> document_by_content(const fs::path& path) {
  const Ends ends(path);
  if (ends.is_pdf()) return FileKind::pdf;
  if (ends.is_parquet()) return FileKind::parquet;
  const Member* member = ends.is_zip() ? ends.zip_member() : nullptr;
  return member == nullptr ? std::nullopt : member->read;
}

std::optional<Foreign> foreign_by_content(const fs::path& path, const FileFilter& filter) {
  const Ends ends(path);
  const std::string_view head = ends.head;
  const auto taken = [&](FileKind kind) {
    return std::ranges::find(filter.kinds, kind) != filter.kinds.end();
  };
  if (ends.is_pdf())
    return foreign("PDF", taken(FileKind::pdf) ? kPoppler : "pdftotext -raw {file} {stem}.txt", path);
  if (ends.is_zip()) {
    const Member* member = ends.zip_member();
    return member == nullptr ? foreign("zip", kUnzip, path) : foreign(member->kind, member->way_out, path);
  }
  if (ends.is_parquet()) return foreign("Parquet", taken(FileKind::parquet) ? kGetPyarrow : kParquet, path);
  for (const Signature& signature : kSignatures)
    if (head.size() > signature.at && head.substr(signature.at).starts_with(signature.bytes))
      return foreign(signature.name, signature.way_out, path);
  return wide_text(head, path);
}

std::optional<Foreign> foreign_by_ending(const fs::path& path) {
  const std::string name = to_lower_ascii(path.filename().string());
  for (const Ending& ending : kEndings)
    if (name.ends_with(ending.ending)) return foreign(ending.name, ending.way_out, path);
  return std::nullopt;
}

}  // namespace film::sources
