#include "film/base/script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <map>

#include "film/base/unicode.h"

namespace film {
namespace {

UScriptCode script_of_letter(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  const auto wide = static_cast<UChar32>(c);
  return u_isalpha(wide) == 0 ? USCRIPT_COMMON : uscript_getScript(wide, &status);
}

}  // namespace

std::string script_of(std::string_view text) {
  std::map<UScriptCode, std::size_t> counts;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.size;
    const UScriptCode script = script_of_letter(c.value);
    if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED) continue;
    if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA) return "Jpan";
    ++counts[script];
  }
  if (counts.empty()) return "";
  return uscript_getShortName(
      std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; })->first);
}

bool is_script(const std::string& code) {
  const std::int32_t value = u_getPropertyValueEnum(UCHAR_SCRIPT, code.c_str());
  return code.size() == 4 && value != UCHAR_INVALID_CODE &&
         code == uscript_getShortName(static_cast<UScriptCode>(value));
}

}  // namespace film
