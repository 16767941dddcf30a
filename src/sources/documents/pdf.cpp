// PDF, by pdftotext (Debian: poppler-utils) as a separate program. Its plain output loses every hyphen at a line's end: so
// lines are taken with their places on the page, and joined here.
#include "converter.h"
#include "document.h"
#include "film/base/strings.h"
#include "pdf_text.h"

namespace film::sources {
namespace {

constexpr std::size_t kFewCharacters = 20;  // on a page that is a picture
constexpr double kMostGarbled = 0.05;

Unreadable failure_of(const ConverterResult& result) {
  const std::string complaint = on_one_line(result.complaint);
  const std::string lower = to_lower_ascii(complaint);
  if (result.too_long) return {RowFault::too_large, "pdftotext took more than five minutes"};
  if (result.exit_code >= 128)
    return {RowFault::too_large, "pdftotext was ended by signal " + std::to_string(result.exit_code - 128) +
                                     " (it may use 2 GB and 120 seconds)"};
  if (result.exit_code == 3 || lower.find("password") != std::string::npos)
    return {RowFault::encrypted, "pdftotext: " + complaint};
  return {RowFault::damaged, "pdftotext: " + (complaint.empty() ? "failed without a word" : complaint)};
}

// Without these tables pdftotext leaves the text of such fonts out, and calls that success.
void require_tables(const std::string& complaint) {
  if (complaint.find("Missing language pack") != std::string::npos)
    throw Unreadable{
        RowFault::damaged,
        "pdftotext has no tables for its Chinese, Japanese or Korean fonts (Debian: poppler-data)"};
}

std::size_t characters_on(const PdfPage& page) {
  std::size_t characters = 0;
  for (const PdfBlock& block : page.blocks)
    for (const PdfLine& line : block.lines)
      for (std::size_t at = 0; at < line.text.size();) {
        const CodePoint c = code_point_at(line.text, at);
        characters += is_space(c.value) ? 0 : 1;
        at += c.size;
      }
  return characters;
}

void require_text(const std::vector<PdfPage>& pages) {
  std::size_t empty = 0;
  for (const PdfPage& page : pages) empty += characters_on(page) < kFewCharacters ? 1 : 0;
  if (2 * empty > pages.size() && (pages.size() > 1 || characters_on(pages[0]) == 0))
    throw Unreadable{RowFault::scanned, std::to_string(empty) + " of " + std::to_string(pages.size()) +
                                            " pages are pictures without text; ocrmypdf adds it"};
}

// Fonts that do not say which letters they draw give characters that mean nothing.
void require_readable(const std::string& text) {
  std::size_t odd = 0, all = 0;
  for (std::size_t at = 0; at < text.size(); ++all) {
    const CodePoint c = code_point_at(text, at);
    const bool control = c.value < 0x20 && c.value != '\n' && c.value != '\t';
    const bool own = c.value >= 0xE000 && c.value <= 0xF8FF;
    odd += control || own || c.value == kReplacement || text.compare(at, 5, "(cid:") == 0 ? 1 : 0;
    at += c.size;
  }
  if (static_cast<double>(odd) > kMostGarbled * static_cast<double>(all))
    throw Unreadable{RowFault::garbled,
                     std::to_string(odd) + " of " + std::to_string(all) +
                         " characters mean nothing: its fonts do not say which letters they "
                         "draw; ocrmypdf --force-ocr reads them"};
}

}  // namespace

DocumentText read_pdf(const SourceFile& file) {
  const std::optional<fs::path> program = find_program("pdftotext");
  if (!program) throw Unreadable{RowFault::damaged, "pdftotext is not on the PATH (Debian: poppler-utils)"};
  if (file.compression != Compression::none)
    throw Unreadable{RowFault::damaged, "a packed PDF: unpack it first"};
  PdfPages read;
  const ConverterResult result =
      run_converter(*program, {"-enc", "UTF-8", "-bbox-layout", fs::absolute(file.path).string(), "-"},
                    [&](std::string_view block) {
                      read.take(block);
                      return read.bytes <= kLargestDocument;
                    });
  if (read.bytes > kLargestDocument) throw Unreadable{RowFault::too_large, "more than 512 MiB of text"};
  if (result.exit_code != 0) throw failure_of(result);
  require_tables(result.complaint);
  if (read.pages.empty()) throw Unreadable{RowFault::damaged, "it has no page"};
  require_text(read.pages);
  remove_running_heads(read.pages);
  DocumentText text;
  text.text = pdf_text(read.pages, text.notes);
  require_readable(text.text);
  text.title = read.title;
  return text;
}

}  // namespace film::sources
