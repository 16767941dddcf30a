#include "pdf_pages.h"

#include <charconv>

#include "film/base/strings.h"

namespace film::sources {
namespace {

// xMin="72.000000": 72, or 0 where it is not there.
double place(std::string_view tag, std::string_view name) {
  const std::size_t at = tag.find(std::string(" ") + std::string(name) + "=\"");
  if (at == tag.npos) return 0;
  const char* begin = tag.data() + at + name.size() + 3;
  double value = 0;
  std::from_chars(begin, tag.data() + tag.size(), value);
  return value;
}

constexpr std::pair<std::string_view, std::string_view> kReferences[] = {
    {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&#39;", "'"}, {"&amp;", "&"}};
constexpr std::string_view kLigatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};  // from U+FB00 on

std::string plain(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t taken = 0;
    if (text[at] == '&')
      for (const auto& [reference, character] : kReferences)
        if (taken == 0 && text.substr(at).starts_with(reference)) {
          result += character;
          taken = reference.size();
        }
    if (taken == 0) {
      const CodePoint c = code_point_at(text, at);
      const bool ligature = c.value >= 0xFB00 && c.value <= 0xFB06;
      result += ligature ? kLigatures[c.value - 0xFB00] : text.substr(at, c.size);
      taken = c.size;
    }
    at += taken;
  }
  return result;
}

std::string_view content(std::string_view line) {
  const std::size_t begin = line.find('>') + 1;
  return line.substr(begin, line.rfind("</") - begin);
}

}  // namespace

void PdfPages::take(std::string_view block) {
  for (std::size_t end = block.find('\n'); end != block.npos; end = block.find('\n')) {
    rest_ += block.substr(0, end);
    take_line(trim(rest_));
    rest_.clear();
    block.remove_prefix(end + 1);
  }
  rest_ += block;
}

void PdfPages::take_line(std::string_view line) {
  if (line.starts_with("<page ")) pages.push_back({place(line, "height"), {}});
  if (line.starts_with("<title>") && line.ends_with("</title>")) title = plain(content(line));
  if (pages.empty()) return;
  std::vector<PdfBlock>& blocks = pages.back().blocks;
  const auto box = [&](const char* name) { return place(line, name); };
  if (line.starts_with("<block ")) blocks.push_back({box("xMin"), box("xMax"), box("yMin"), box("yMax"), {}});
  if (blocks.empty()) return;
  if (line.starts_with("<line "))
    blocks.back().lines.push_back({box("xMin"), box("xMax"), box("yMin"), box("yMax"), 0, ""});
  if (line.starts_with("<word ") && !blocks.back().lines.empty()) take_word(line);
}

void PdfPages::take_word(std::string_view line) {
  PdfLine& open = pages.back().blocks.back().lines.back();
  const std::string word = plain(content(line));
  if (word.empty()) return;
  if (open.text.empty())
    open.first_word = place(line, "xMax") - place(line, "xMin");
  else
    open.text += ' ';
  open.text += word;
  bytes += word.size() + 1;
}

}  // namespace film::sources
