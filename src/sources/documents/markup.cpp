#include "markup.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>

#include "document.h"
#include "film/base/error.h"

namespace film::sources {
namespace {

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }
std::string_view view(const xmlChar* text, int size) {
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}
MarkupHandler& handler_of(void* user) { return *static_cast<MarkupHandler*>(user); }

std::string qualified(const xmlChar* prefix, const xmlChar* name) {
  return prefix == nullptr ? std::string(view(name))
                           : std::string(view(prefix)) + ":" + std::string(view(name));
}

// An attribute takes five pointers: name, prefix, namespace, begin and end of its value.
void on_start(void* user, const xmlChar* name, const xmlChar* prefix, const xmlChar*, int, const xmlChar**,
              int count, int, const xmlChar** values) {
  MarkupAttributes attributes;
  for (int i = 0; i < count; ++i, values += 5)
    attributes.add(qualified(values[1], values[0]), std::string(reinterpret_cast<const char*>(values[3]),
                                                                reinterpret_cast<const char*>(values[4])));
  handler_of(user).start(qualified(prefix, name), attributes);
}
void on_end(void* user, const xmlChar* name, const xmlChar* prefix, const xmlChar*) {
  handler_of(user).end(qualified(prefix, name));
}
void on_html_start(void* user, const xmlChar* name, const xmlChar** values) {
  MarkupAttributes attributes;
  for (; values != nullptr && *values != nullptr; values += 2)
    attributes.add(std::string(view(values[0])), values[1] == nullptr ? "" : std::string(view(values[1])));
  handler_of(user).start(view(name), attributes);
}
void on_html_end(void* user, const xmlChar* name) { handler_of(user).end(view(name)); }
void on_text(void* user, const xmlChar* text, int size) { handler_of(user).text(view(text, size)); }
void on_error(void*, const char*, ...) {}
void on_structured_error(void*, xmlErrorPtr) {}

void start_library() {
  static std::once_flag once;
  std::call_once(once, xmlInitParser);
}

}  // namespace

bool MarkupAttributes::has(std::string_view name) const {
  return std::ranges::any_of(values_, [&](const auto& value) { return value.first == name; });
}

std::string MarkupAttributes::get(std::string_view name) const {
  const auto found = std::ranges::find_if(values_, [&](const auto& value) { return value.first == name; });
  return found == values_.end() ? std::string() : found->second;
}

void parse_xml(std::string_view xml, const std::string& where, MarkupHandler& handler) {
  start_library();
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = sax.ignorableWhitespace = sax.cdataBlock = on_text;
  sax.serror = on_structured_error;
  if (xml.empty() || xmlSAXUserParseMemory(&sax, &handler, xml.data(), static_cast<int>(xml.size())) != 0)
    throw Unreadable{RowFault::damaged, where + " is not well-formed XML"};
}

void parse_html(std::string_view html, MarkupHandler& handler) {
  start_library();
  if (html.empty()) return;
  htmlSAXHandler sax{};
  sax.initialized = 1;
  sax.startElement = on_html_start;
  sax.endElement = on_html_end;
  sax.characters = sax.ignorableWhitespace = sax.cdataBlock = on_text;
  sax.error = sax.warning = on_error;
  const std::unique_ptr<htmlParserCtxt, decltype(&htmlFreeParserCtxt)> context(
      htmlCreateMemoryParserCtxt(html.data(), static_cast<int>(html.size())), &htmlFreeParserCtxt);
  if (!context) throw os_error("no memory for libxml2");
  std::memcpy(context->sax, &sax, sizeof sax);
  context->userData = &handler;
  htmlCtxtUseOptions(context.get(), HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
  htmlParseDocument(context.get());
}

}  // namespace film::sources
