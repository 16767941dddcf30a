#pragma once
// Private to the module: the table of contents of an EPUB, and how its members name each other.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "document.h"
#include "film/base/files.h"

namespace film::sources {

// By the page's name in the archive, in the order of the table.
using PageTitles = std::map<std::string, std::vector<PlaceTitle>>;

// Of EPUB 3: the lists of the "toc" element nav, else of the first one. `where`: the document's name in the archive.
// Throws Unreadable (bad_utf8).
PageTitles titles_of_navigation(std::string_view html, const std::string& where);
// Of EPUB 2: the points of a NCX document. Throws Unreadable (damaged).
PageTitles titles_of_ncx(std::string_view xml, const std::string& where);

// "opf:item" -> "item"
std::string_view local(std::string_view name);
// "Text/ch%201.xhtml#top" -> "Text/ch 1.xhtml"
std::string decoded_path(std::string_view href);
// The name in the archive of what a member in `folder` calls `href`.
std::string resolved(const fs::path& folder, std::string_view href);

}  // namespace film::sources
