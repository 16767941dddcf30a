#pragma once
// Documents read as film reads them, and books in the making.
#include <map>
#include <string>
#include <vector>

#include "../support/zip.h"
#include "film/sources/rows.h"

namespace film::sources {

inline const FileFilter kAll = {{".txt", ".md"},
                                {FileKind::jsonl, FileKind::csv, FileKind::tsv, FileKind::html,
                                 FileKind::epub, FileKind::docx, FileKind::odt, FileKind::pdf}};

struct Read {
  std::string text, title, fault, detail, notes;
};

inline Read read(const fs::path& file) {
  Read result;
  const std::vector<SourceFile> files = list_files({file}, kAll, "inputs").files;
  for_each_row(files, {{{"text"}, {"title", CellType::any, false}}}, [&](const Row& row) {
    if (row.fault) result.fault = name_of(*row.fault);
    result.detail = row.detail;
    for (const RowNote note : row.notes) result.notes += (result.notes.empty() ? "" : " ") + name_of(note);
    if (row.cells.empty()) return;
    result.text = row.cells[0].text;
    result.title = row.cells[1].text;
  });
  return result;
}

inline std::string page(const std::string& text) {
  return "<html><head/><body><p>" + text + "</p></body></html>";
}

// A book of two chapters; some members replaced, or left out where their new content is empty.
inline std::string book(const std::map<std::string, std::string>& changed) {
  std::map<std::string, std::string> members = {
      {"META-INF/container.xml",
       "<container><rootfiles><rootfile full-path='OPS/b.opf'/></rootfiles></container>"},
      {"OPS/b.opf",
       "<package><metadata><title>B</title></metadata><manifest><item id='a' href='a.xhtml' "
       "media-type='application/xhtml+xml'/>"
       "<item id='b' href='b.xhtml' media-type='application/xhtml+xml'/></manifest><spine><itemref "
       "idref='a'/><itemref idref='b'/>"
       "</spine></package>"},
      {"OPS/a.xhtml", page("alpha")},
      {"OPS/b.xhtml", page("beta")}};
  for (const auto& [name, content] : changed) members[name] = content;
  std::erase_if(members, [](const auto& member) { return member.second.empty(); });
  return support::zip(members);
}

}  // namespace film::sources
