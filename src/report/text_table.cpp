#include "text_table.h"

#include "html.h"

namespace film::report {

std::string table_html(const std::string& heading, const TextTable& table) {
  if (table.rows.empty()) return "";
  std::string html = tag("h2", heading) + "\n" + (table.explained.empty() ? "" : tag("p", table.explained)) +
                     "\n<div class=\"scroll\"><table><thead>" + table_row(table.columns, true, table.words) +
                     "</thead>\n<tbody>";
  for (const std::vector<std::string>& row : table.rows) html += table_row(row, false, table.words) + "\n";
  return html + "</tbody></table></div>\n";
}

}  // namespace film::report
