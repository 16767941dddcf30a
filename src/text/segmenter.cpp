#include "film/text/segmenter.h"

#include <algorithm>
#include <utility>

namespace film::text {
namespace {

// A line of a document, and where its ids stand among those of the document.
struct Line {
  std::string_view text;
  std::size_t first = 0, end = 0;
};

// The document's lines with the ids of all of them, newlines between. Where a newline is one id it is the id of nothing else,
// so that the whole document can be encoded at once.
std::vector<Line> encode_lines(std::string_view text, const Tokenizer& tokenizer, const TokenIds& newline,
                               TokenIds& ids) {
  const bool at_once = newline.size() == 1;
  if (at_once) ids = tokenizer.encode_continuation(text);
  std::vector<Line> lines;
  for (std::size_t begin = 0, first = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    Line line{text.substr(begin, end - begin), first, first};
    if (at_once) {
      while (line.end < ids.size() && ids[line.end] != newline[0]) ++line.end;
    } else {
      const TokenIds own = tokenizer.encode_continuation(line.text);
      ids.insert(ids.end(), own.begin(), own.end());
      line.end = ids.size();
      if (end < text.size()) ids.insert(ids.end(), newline.begin(), newline.end());
    }
    lines.push_back(line);
    begin = end + 1;
    first = line.end + newline.size();
  }
  return lines;
}

}  // namespace

std::vector<LineSpan> cut_into_segments(std::span<const std::uint32_t> line_tokens,
                                        std::uint32_t newline_tokens, std::uint32_t min_tokens,
                                        std::uint32_t max_tokens) {
  std::vector<LineSpan> segments;
  std::size_t begin = 0;
  std::uint64_t tokens = 0, last = 0;  // of the open segment, of the one before it
  for (std::size_t i = 0; i < line_tokens.size(); ++i) {
    tokens += line_tokens[i] + (i > begin ? newline_tokens : 0);
    if (tokens < min_tokens) continue;
    segments.push_back({begin, i + 1});
    begin = i + 1;
    last = std::exchange(tokens, 0);
  }
  if (begin == line_tokens.size()) return segments;
  const bool too_long = max_tokens > 0 && last + newline_tokens + tokens > max_tokens;
  if (segments.empty() || too_long)
    segments.push_back({begin, line_tokens.size()});
  else
    segments.back().end = line_tokens.size();
  return segments;
}

SegmentedText segment_text(std::string_view text, const Tokenizer& tokenizer, const TokenIds& newline,
                           std::uint32_t min_tokens, std::uint32_t max_tokens) {
  SegmentedText result;
  const std::vector<Line> lines = encode_lines(text, tokenizer, newline, result.ids);
  std::vector<std::uint32_t> counts;
  for (const Line& line : lines) counts.push_back(static_cast<std::uint32_t>(line.end - line.first));
  const std::span<const TokenId> ids = result.ids;
  for (const LineSpan span :
       cut_into_segments(counts, static_cast<std::uint32_t>(newline.size()), min_tokens, max_tokens)) {
    const Line &first = lines[span.begin], &last = lines[span.end - 1];
    result.segments.push_back({{first.text.data(), last.text.data() + last.text.size()},
                               ids.subspan(first.first, last.end - first.first),
                               static_cast<std::uint32_t>(span.begin)});
  }
  return result;
}

}  // namespace film::text
