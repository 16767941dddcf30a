#include "film/base/sentences.h"

#include <unicode/uchar.h>

#include <utility>

#include "film/base/strings.h"
#include "film/base/unicode.h"
#include "film/base/words.h"

namespace film {
namespace {

constexpr char32_t kEllipsis = 0x2026;

bool is_soft_mark(char32_t c, const SentenceRule& rule) {
  return c == '.' || c == '!' || c == '?' || (c == kEllipsis && rule.beyond_ascii);
}

// An end mark that needs no white space behind it. Unicode came late to Khmer's.
bool is_hard_mark(char32_t c) {
  if (c == U'។' || c == U'៕') return true;
  return c >= 0x80 && ::u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_S_TERM) != 0;
}

bool is_mark(char32_t c, const SentenceRule& rule) { return is_soft_mark(c, rule) || is_hard_mark(c); }

// White space that ends a word.
bool is_blank(char32_t c, const SentenceRule& rule) { return is_space(c) && (c < 0x80 || rule.beyond_ascii); }

bool is_closing_beyond_ascii(char32_t c) {
  constexpr auto kClosing = U_GC_PE_MASK | U_GC_PF_MASK;
  return c >= 0x80 && (U_GET_GC_MASK(static_cast<UChar32>(c)) & kClosing) != 0;
}

// Before white space an opening quotation mark can only be a closing one: German “, Swedish ”.
bool is_quotation_mark(char32_t c) {
  return c >= 0x80 && ::u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_QUOTATION_MARK) != 0;
}

bool is_closing(char32_t c, const SentenceRule& rule) {
  if (c < 0x80) return c != 0 && rule.closing.find(static_cast<char>(c)) != std::string_view::npos;
  return rule.beyond_ascii && (is_closing_beyond_ascii(c) || is_quotation_mark(c));
}

bool continues_clause(char32_t c) {
  return c == ',' || c == ';' || c == ':' || c == U'，' || c == U'、' || c == U'；' || c == U'：' ||
         c == U'،' || c == U'؛';
}

// One pass over a text.
class Scanner {
 public:
  Scanner(std::string_view text, const SentenceRule& rule)
      : text_(text), rule_(rule), first_(behind_space(0)) {}

  std::vector<std::size_t> starts() {
    for (std::size_t at = 0; at < text_.size();) {
      if (is_ascii_alnum(text_[at])) {
        ++at;
        continue;
      }
      const CodePoint c = code_point_at(text_, at);
      if (c.value == '\n')
        at = end_line(at + 1);
      else if (is_mark(c.value, rule_))
        at = pass_marks(at);
      else
        at = pass(c, at);
    }
    return std::move(starts_);
  }

 private:
  std::size_t end_line(std::size_t at) {
    quote_open_ = false;
    return start_behind(at);
  }

  std::size_t pass(const CodePoint& c, std::size_t at) {
    if (c.value == '"') quote_open_ = !quote_open_;
    const bool thai_blank = is_space(c.value) && at > 0 && !is_ascii(text_[at - 1]) &&
                            is_thai_or_lao(code_point_before(text_, at).value) &&
                            is_thai_or_lao(code_point_at(text_, behind_space(at)).value);
    return thai_blank ? start_behind(at) : at + c.size;
  }

  // A run of end marks from `at` on; returns where to go on.
  std::size_t pass_marks(std::size_t at) {
    std::size_t end = at;
    bool hard = false;
    for (CodePoint c = code_point_at(text_, end); is_mark(c.value, rule_); c = code_point_at(text_, end)) {
      hard = hard || is_hard_mark(c.value);
      end += c.size;
    }
    if (begins_with_ellipsis(at)) return end;
    const char32_t before = code_point_before(text_, at).value, after = code_point_at(text_, end).value;
    if (is_digit(before) && is_digit(after)) return end;
    return hard ? end_hard(end) : end_soft(at, end);
  }

  // "… or the rest of a thought": nothing of a sentence is there to be ended.
  bool begins_with_ellipsis(std::size_t at) const {
    const std::size_t sentence = starts_.empty() ? first_ : starts_.back();
    return at == sentence && code_point_at(text_, at).value == kEllipsis;
  }

  // 。！？ and others: closing marks, then the next sentence.
  std::size_t end_hard(std::size_t end) {
    for (CodePoint c = code_point_at(text_, end); closes(c.value); c = code_point_at(text_, end))
      end += c.size;
    return continues_clause(code_point_at(text_, end).value) ? end : start_behind(end);
  }

  bool closes(char32_t c) {
    if (c == '"') return std::exchange(quote_open_, false);
    return c < 0x80 ? is_closing(c, rule_) : is_closing_beyond_ascii(c);
  }

  std::size_t end_soft(std::size_t at, std::size_t end) {
    std::size_t behind = end;  // the closing marks
    for (CodePoint c = code_point_at(text_, behind); is_closing(c.value, rule_);
         c = code_point_at(text_, behind))
      behind += c.size;
    const CodePoint next = code_point_at(text_, behind);
    if (next.size > 0 && !is_blank(next.value, rule_) && !ends_without_blank(at, end, next.value)) return end;
    count_quotes(end, behind);
    return start_behind(behind, rule_.lower_case_continues);
  }

  // Whether the soft marks in [at, end) end a sentence though no white space follows.
  bool ends_without_blank(std::size_t at, std::size_t end, char32_t next) const {
    const CodePoint last = code_point_before(text_, end), behind = code_point_at(text_, end);
    if (last.value == kEllipsis) return is_closing_beyond_ascii(behind.value) && !continues_clause(next);
    if (!is_cjk(next) || !(is_word(next) || is_opening(next))) return false;
    return last.value != '.' || is_cjk(code_point_before(text_, at).value);
  }

  void count_quotes(std::size_t begin, std::size_t end) {
    for (; begin < end; ++begin)
      if (text_[begin] == '"') quote_open_ = !quote_open_;
  }

  // The next sentence begins behind the white space at `at`; returns that position.
  std::size_t start_behind(std::size_t at, bool not_in_lower_case = false) {
    CodePoint c = code_point_at(text_, at);
    for (; c.size > 0 && is_space(c.value); c = code_point_at(text_, at)) {
      not_in_lower_case = not_in_lower_case && c.value != '\n';
      at += c.size;
    }
    const bool begins = c.size > 0 && !(not_in_lower_case && is_lower(c.value));
    if (begins && at > first_) starts_.push_back(at);
    return at;
  }

  std::size_t behind_space(std::size_t at) const {
    for (CodePoint c = code_point_at(text_, at); c.size > 0 && is_space(c.value);
         c = code_point_at(text_, at))
      at += c.size;
    return at;
  }

  std::string_view text_;
  const SentenceRule& rule_;
  std::size_t first_;  // where the first sentence begins
  std::vector<std::size_t> starts_;
  bool quote_open_ = false;
};

}  // namespace

std::vector<std::size_t> sentence_starts(std::string_view text, const SentenceRule& rule) {
  return Scanner(text, rule).starts();
}

std::vector<std::string_view> split_sentences(std::string_view text, const SentenceRule& rule) {
  std::vector<std::string_view> sentences;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    if (const std::string_view sentence = trim(text.substr(begin, end - begin)); !sentence.empty())
      sentences.push_back(sentence);
    begin = end;
  };
  for (const std::size_t start : sentence_starts(text, rule)) take(start);
  take(text.size());
  return sentences;
}

bool ends_sentence(std::string_view text, const SentenceRule& rule) {
  CodePoint last = code_point_before(text, text.size());
  for (; last.size > 0 && is_closing(last.value, rule); last = code_point_before(text, text.size()))
    text.remove_suffix(last.size);
  return is_mark(last.value, rule) || is_thai_or_lao(last.value);
}

std::vector<std::string_view> whole_sentences(std::string_view text, std::size_t min_words,
                                              std::size_t max_words) {
  std::vector<std::string_view> whole;
  for (const std::string_view sentence : split_sentences(text)) {
    if (is_lower(code_point_at(sentence, 0).value) || !ends_sentence(sentence)) continue;
    const std::size_t words = count_words(sentence);
    if (words >= min_words && words <= max_words) whole.push_back(sentence);
  }
  return whole;
}

}  // namespace film
