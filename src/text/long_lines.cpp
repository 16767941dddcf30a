#include "film/text/long_lines.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "film/base/sentences.h"
#include "film/base/strings.h"

namespace film::text {
namespace {

std::size_t whole_characters(std::string_view text, std::size_t size) {
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return size > 0 ? size : std::max<std::size_t>(1, code_point_at(text, 0).size);
}

struct LinePieces {
  std::vector<std::string_view> pieces;  // in order; what is missing between two is white space
  LineCuts cuts;
};

class LineCutter {
 public:
  LineCutter(const Tokenizer& tokenizer, std::uint32_t min_tokens, std::uint32_t most)
      : tokenizer_(tokenizer), min_(min_tokens), most_(most) {}

  LinePieces cut(std::string_view line) {
    for (const std::string_view sentence : split_sentences(line))
      if (tokens(sentence) <= most_)
        add(sentence);
      else
        add_parts(sentence);
    close();
    const std::size_t parted = result_.pieces.size() - std::min<std::size_t>(1, result_.pieces.size());
    result_.cuts.at_sentences = parted - result_.cuts.inside;
    return std::exchange(result_, {});
  }

 private:
  std::size_t tokens(std::string_view text) const { return tokenizer_.encode_continuation(text).size(); }

  // The open piece and what follows it are neighbours in the line.
  void add(std::string_view sentence) {
    if (!open_.empty()) {
      const std::string_view joined(open_.data(), sentence.data() + sentence.size());
      if (tokens(joined) <= most_)
        open_ = joined;
      else
        close();
    }
    if (open_.empty()) open_ = sentence;
    if (tokens(open_) >= min_) close();
  }

  void add_parts(std::string_view sentence) {
    close();
    while (!sentence.empty()) {
      const std::string_view part = sentence.substr(0, fitting(sentence));
      result_.pieces.push_back(trim(part));
      sentence = trim(sentence.substr(part.size()));
      result_.cuts.inside += sentence.empty() ? 0 : 1;
    }
  }

  // How many bytes of it hold at most `most_` tokens, up to a blank if there is one in the second half.
  std::size_t fitting(std::string_view text) const {
    constexpr std::size_t kMostBytes = 16;  // of a token; a longer one only makes a shorter piece
    std::size_t size = whole_characters(text, std::min<std::size_t>(text.size(), most_ * kMostBytes));
    for (std::size_t count = tokens(text.substr(0, size)); count > most_ && size > 4;
         count = tokens(text.substr(0, size)))
      size = whole_characters(text, std::min(size - 1, size * most_ / count));
    const std::size_t blank = size < text.size() ? text.rfind(' ', size) : text.npos;
    return blank != text.npos && blank > size / 2 ? blank : size;
  }

  void close() {
    if (!open_.empty()) result_.pieces.push_back(open_);
    open_ = {};
  }

  const Tokenizer& tokenizer_;
  const std::size_t min_, most_;
  std::string_view open_;
  LinePieces result_;
};

}  // namespace

std::string cut_long_lines(std::string text, const Tokenizer& tokenizer, const SegmentLimits& limits,
                           LineCuts& cuts) {
  if (limits.max_tokens == 0) return text;
  // An open segment holds less than min_tokens, so that with a line of so many it stays below max_tokens.
  const std::uint32_t newline = 4;  // tokens at most
  const std::uint32_t most = std::max(limits.min_tokens, limits.max_tokens - limits.min_tokens - newline);
  LineCutter cutter(tokenizer, limits.min_tokens, most);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (line.size() > most && tokenizer.encode_continuation(line).size() > most) {  // no token without a byte
      const LinePieces cut = cutter.cut(line);
      result.append(text, copied, begin - copied);
      for (std::size_t i = 0; i < cut.pieces.size(); ++i)
        result.append(i == 0 ? "" : "\n").append(cut.pieces[i]);
      cuts.at_sentences += cut.cuts.at_sentences;
      cuts.inside += cut.cuts.inside;
      copied = end;
    }
    begin = end + 1;
  }
  if (copied == 0) return text;
  return result.append(text, copied);
}

}  // namespace film::text
