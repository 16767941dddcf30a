// The encoding that a page or an XML file says it has.
#include <simdjson.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <memory>

#include "document.h"
#include "film/base/strings.h"
#include "film/base/text_stream.h"

namespace film::sources {
namespace {

constexpr std::size_t kDeclaredWithin = 4096;

// "windows-1252" of <meta charset="Windows-1252"> and of <?xml encoding='windows-1252'?>; empty where nothing is said.
std::string declared_encoding(std::string_view bytes) {
  const std::string head = to_lower_ascii(bytes.substr(0, kDeclaredWithin));
  const bool xml = head.starts_with("<?xml");
  const std::string_view declaration = std::string_view(head).substr(0, xml ? head.find("?>") : head.npos);
  std::size_t at = xml ? declaration.find("encoding=") : declaration.npos;
  if (at == declaration.npos) at = head.find("charset=");
  if (at == head.npos) return {};
  at = head.find('=', at) + 1;
  at = std::min(head.find_first_not_of(" \t\"'", at), head.size());
  return head.substr(at, head.find_first_of(" \t\r\n\"'/>;?", at) - at);
}

// Empty on failure.
std::string converted(std::string_view bytes, const std::string& encoding) {
  UErrorCode error = U_ZERO_ERROR;
  const bool latin = encoding == "iso-8859-1" || encoding == "latin1";  // what browsers take it for
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(
      ucnv_open(latin ? "windows-1252" : encoding.c_str(), &error), &ucnv_close);
  if (U_FAILURE(error)) return {};
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  const icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(),
                                error);
  std::string utf8;
  if (U_SUCCESS(error)) text.toUTF8String(utf8);
  return utf8;
}

std::string looks_like(std::string_view bytes) {
  const std::string guess = guess_encoding(bytes.substr(0, 1 << 16));
  return guess.empty() ? "" : "; it looks like " + guess;
}

}  // namespace

std::string markup_as_utf8(std::string_view bytes, const std::string& where) {
  const std::string_view plain = without_byte_order_mark(bytes);
  const bool utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  const std::string encoding = utf16 ? "utf-16" : plain.size() < bytes.size() ? "" : declared_encoding(plain);
  const bool utf8 = encoding.empty() || encoding == "utf-8" || encoding == "utf8";
  // A page that was read as UTF-16 is UTF-8 by now, whatever it says.
  if ((utf8 || encoding.starts_with("utf-16") || encoding == "us-ascii") && !utf16 &&
      simdjson::validate_utf8(plain.data(), plain.size()))
    return std::string(plain);
  if (utf8)
    throw Unreadable{RowFault::bad_utf8,
                     where + " is not UTF-8 and declares no other charset" + looks_like(plain)};
  std::string text = converted(bytes, encoding);
  if (text.empty() && !bytes.empty())
    throw Unreadable{RowFault::bad_utf8, where + " declares \"" + encoding +
                                             "\", but its bytes are not that" + looks_like(plain)};
  return text;
}

}  // namespace film::sources
