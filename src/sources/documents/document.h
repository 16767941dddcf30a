#pragma once
// Private to the module: files that hold one document with marks around its text, as plain text. Paragraphs are apart by a
// blank line, headings begin with "# ", cells of a table are apart by tabs.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "film/sources/rows.h"

namespace film::sources {

struct DocumentText {
  std::string text;   // UTF-8
  std::string title;  // as the file says; may be empty
  std::set<RowNote> notes;
};

// Why a file gives no text. Thrown by the readers below, caught where the row is made: a counted value.
struct Unreadable {
  RowFault fault = RowFault::damaged;
  std::string detail;  // for people
};

inline constexpr std::size_t kLargestMember = 64 << 20;      // of a file's parts, unpacked
inline constexpr std::size_t kLargestDocument = 512u << 20;  // of all parts of a file, unpacked

DocumentText read_html(const SourceFile& file);
DocumentText read_epub(const SourceFile& file);
DocumentText read_docx(const SourceFile& file);
DocumentText read_odt(const SourceFile& file);
DocumentText read_pdf(const SourceFile& file);

// What a table of contents calls a place in a page.
struct PlaceTitle {
  std::string id;  // of an element; empty: the page's beginning
  std::string title;
  int level = 1;  // 1 is the highest
};

// The text of a page whose bytes are HTML or XHTML. `where` is named in what is thrown. `titles` become headings where the page
// has none close behind the place.
DocumentText html_text(std::string_view bytes, const std::string& where,
                       const std::vector<PlaceTitle>& titles = {});

// Markup as UTF-8: by its byte order mark, else by the charset that it declares, else it has to be UTF-8.
std::string markup_as_utf8(std::string_view bytes, const std::string& where);

}  // namespace film::sources
