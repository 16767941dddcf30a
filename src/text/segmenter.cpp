#include "film/text/segmenter.h"

namespace film::text {
namespace {

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string_view::npos; begin = end + 1)
    lines.push_back(text.substr(begin, end - begin));
  lines.push_back(text.substr(begin));
  return lines;
}

Segment join(LineSpan span, const std::vector<std::string_view>& lines, const std::vector<TokenIds>& ids,
             const TokenIds& newline) {
  Segment segment;
  segment.line = static_cast<std::uint32_t>(span.begin);
  for (std::size_t i = span.begin; i < span.end; ++i) {
    if (i > span.begin) {
      segment.text += '\n';
      segment.tokens.insert(segment.tokens.end(), newline.begin(), newline.end());
    }
    segment.text += lines[i];
    segment.tokens.insert(segment.tokens.end(), ids[i].begin(), ids[i].end());
  }
  return segment;
}

}  // namespace

std::vector<LineSpan> cut_into_segments(std::span<const std::uint32_t> line_tokens,
                                        std::uint32_t newline_tokens, std::uint32_t min_tokens) {
  std::vector<LineSpan> segments;
  std::size_t begin = 0;
  std::uint64_t tokens = 0;
  for (std::size_t i = 0; i < line_tokens.size(); ++i) {
    tokens += line_tokens[i] + (i > begin ? newline_tokens : 0);
    if (tokens < min_tokens) continue;
    segments.push_back({begin, i + 1});
    begin = i + 1;
    tokens = 0;
  }
  if (begin == line_tokens.size()) return segments;
  if (segments.empty())
    segments.push_back({begin, line_tokens.size()});
  else
    segments.back().end = line_tokens.size();
  return segments;
}

std::vector<Segment> segment_text(std::string_view text, const Tokenizer& tokenizer, const TokenIds& newline,
                                  std::uint32_t min_tokens) {
  const std::vector<std::string_view> lines = split_lines(text);
  std::vector<TokenIds> ids;
  std::vector<std::uint32_t> counts;
  for (const std::string_view line : lines) {
    ids.push_back(tokenizer.encode_continuation(line));
    counts.push_back(static_cast<std::uint32_t>(ids.back().size()));
  }
  std::vector<Segment> segments;
  for (const LineSpan span :
       cut_into_segments(counts, static_cast<std::uint32_t>(newline.size()), min_tokens))
    segments.push_back(join(span, lines, ids, newline));
  return segments;
}

}  // namespace film::text
