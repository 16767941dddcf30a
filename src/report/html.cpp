#include "html.h"

#include "numbers.h"

namespace film::report {

std::string tag(const std::string& name, const std::string& text, const std::string& css) {
  return "<" + name + (css.empty() ? "" : " class=\"" + css + "\"") + ">" + escaped(text) + "</" + name + ">";
}

std::string page_head(const std::string& title, const std::string& css, const std::string& subtitle,
                      const std::string& date) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
      tag("title", title) + "\n<style>\n" + css + "</style>\n</head>\n<body>\n";
  html += "<header class=\"top\">\n" + tag("p", "film report", "eyebrow") + "\n" + tag("h1", title) + "\n";
  if (!subtitle.empty()) html += tag("p", subtitle, "subtitle") + "\n";
  if (!date.empty()) html += tag("p", date, "meta") + "\n";
  return html + "</header>\n<main>\n";
}

std::string panels(const std::string& figures, const std::string& css) {
  return "<div class=\"" + css + "\">\n" + figures + "</div>\n";
}

std::string facts(const Json& object) {
  std::string rows, groups;
  for (const auto& [key, value] : object.items()) {
    if (value.is_object() && !value.empty())
      groups += "<details><summary>" + escaped(key) + "</summary>\n" + facts(value) + "</details>\n";
    else
      rows += tag("dt", key) + tag("dd", plain(value)) + "\n";
  }
  return (rows.empty() ? "" : "<dl class=\"facts\">\n" + rows + "</dl>\n") + groups;
}

std::string table_row(const std::vector<std::string>& cells, bool heading, std::size_t words) {
  std::string html = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i)
    html += tag(heading ? "th" : "td", cells[i], i < words ? "word" : "");
  return html + "</tr>";
}

}  // namespace film::report
