#pragma once
// Private to the module: XML and HTML as a row of events, by libxml2. Nothing outside the text is loaded, entities that
// a document defines itself are not put in, and elements deeper than libxml2's 256 end an XML document as damaged.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace film::sources {

class MarkupAttributes {
 public:
  void add(std::string name, std::string value) { values_.emplace_back(std::move(name), std::move(value)); }
  bool has(std::string_view name) const;
  std::string get(std::string_view name) const;  // empty where there is none

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

// Names are as written: "w:p", in HTML in lower case.
class MarkupHandler {
 public:
  virtual ~MarkupHandler() = default;
  virtual void start(std::string_view name, const MarkupAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view utf8) = 0;
};

// Throws Unreadable (damaged): it is not well-formed. `where` names it.
void parse_xml(std::string_view xml, const std::string& where, MarkupHandler& handler);
// What is not well-formed is mended, as browsers do. UTF-8.
void parse_html(std::string_view html, MarkupHandler& handler);

}  // namespace film::sources
