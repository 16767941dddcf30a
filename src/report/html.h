#pragma once
// Pieces of an HTML page: elements with escaped text, the page's head, panels of figures, nested facts.
#include <string>
#include <vector>

#include "film/base/json.h"

namespace film::report {

// <name class="css">text</name>, the text escaped.
std::string tag(const std::string& name, const std::string& text, const std::string& css = "");
// Everything up to the opening <main>: title, style sheet, and the heading with what is not empty of the rest.
std::string page_head(const std::string& title, const std::string& css, const std::string& subtitle,
                      const std::string& date);
// Figures side by side, as many as the width takes.
std::string panels(const std::string& figures, const std::string& css = "panels");
// Nested objects as <details>, everything else as a list of name and value.
std::string facts(const Json& object);
// One row of a table of plain text: <th> with `heading`, else <td>; the first `words` cells are words, the others numbers.
std::string table_row(const std::vector<std::string>& cells, bool heading, std::size_t words = 0);

}  // namespace film::report
