#include "figure_html.h"

#include "data_uri.h"
#include "film/base/csv.h"
#include "html.h"
#include "numbers.h"
#include "standalone.h"

namespace film::report {
namespace {

// A link to a file that is inside the page.
std::string download(const std::string& name, const std::string& type, const std::string& content) {
  return "<a download=\"" + escaped(name) + "\" href=\"" + data_uri(type, content) + "\">" + escaped(name) +
         "</a>";
}

// The data behind a figure as a table, cut from its CSV so that both always agree.
std::string data_table(const Figure& figure, std::size_t models) {
  constexpr std::size_t kMostRows = 60;
  std::string html = "<p>" + download(figure.name + ".csv", "text/csv", figure.csv) + " · " +
                     download(figure.name + ".svg", "image/svg+xml", standalone(figure.svg, models)) +
                     "</p>\n<div class=\"scroll\"><table>";
  std::size_t rows = 0, begin = 0;
  while (begin < figure.csv.size() && rows <= kMostRows) {
    const std::size_t end = figure.csv.find('\n', begin);
    std::vector<std::string> cells = csv_cells(figure.csv.substr(begin, end - begin));
    for (std::string& cell : cells) cell = short_number(cell);
    html +=
        rows == 0 ? "<thead>" + table_row(cells, true) + "</thead>\n<tbody>" : table_row(cells, false) + "\n";
    begin = end + 1;
    ++rows;
  }
  html += "</tbody></table></div>\n";
  return begin < figure.csv.size() ? html + "<p>The rest is in the CSV file.</p>\n" : html;
}

}  // namespace

std::string figure_html(const Figure& figure, std::size_t models, const Figure* below) {
  std::string html = "<figure>\n<div class=\"head\">" + tag("h3", figure.heading);
  if (!figure.badge.empty()) html += tag("span", figure.badge, "badge");
  html += "</div>\n" + figure.svg;
  if (below != nullptr) html += below->svg;
  if (!figure.caption.empty()) html += tag("figcaption", figure.caption) + "\n";
  html += "<details><summary>Numbers and files</summary>\n" + data_table(figure, models);
  if (below != nullptr) html += data_table(*below, models);
  return html + "</details>\n</figure>\n";
}

std::string figure_section(const std::string& heading, const std::vector<Figure>& figures,
                           std::size_t models) {
  if (figures.empty()) return "";
  std::string html;
  for (const Figure& figure : figures) html += figure_html(figure, models);
  return tag("h2", heading) + "\n" + panels(html, "panels small");
}

}  // namespace film::report
