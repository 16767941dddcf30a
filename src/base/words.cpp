#include "film/base/words.h"

#include <array>

#include "film/base/unicode.h"
#include "word_breaker.h"

namespace film {
namespace {

// Ends of the words in text[begin, end), all characters of which are parts of words.
void append_ends(std::string_view text, std::size_t begin, std::size_t end, std::vector<std::size_t>& ends) {
  while (begin < end) {
    const bool unspaced = is_unspaced(code_point_at(text, begin).value);
    std::size_t stop = begin;
    for (CodePoint c = code_point_at(text, stop); stop < end && is_unspaced(c.value) == unspaced;
         c = code_point_at(text, stop))
      stop += c.size;
    if (unspaced)
      append_word_ends(text, begin, stop, ends);
    else
      ends.push_back(stop);
    begin = stop;
  }
}

// A run of characters of one kind.
struct Run {
  std::size_t end = 0;
  bool beyond_ascii = false;
};

// The run from `at` on; `holds_ascii` and `holds` say the same of bytes and of characters.
template <class HoldsAscii, class Holds>
Run run_from(std::string_view text, std::size_t at, HoldsAscii holds_ascii, Holds holds) {
  Run run{at};
  while (run.end < text.size()) {
    if (is_ascii(text[run.end])) {
      if (!holds_ascii(text[run.end])) break;
      ++run.end;
      continue;
    }
    const CodePoint c = code_point_at(text, run.end);
    if (!holds(c.value)) break;
    run.beyond_ascii = true;
    run.end += c.size;
  }
  return run;
}

// Calls use(begin, run) for all that stands between white space.
template <class Use>
void for_each_token(std::string_view text, Use use) {
  for (std::size_t at = 0; at < text.size();) {
    const Run token = run_from(
        text, at, [](char c) { return !is_ascii_space(c); }, [](char32_t c) { return !is_space(c); });
    if (token.end > at) use(at, token);
    at = token.end +
         code_point_at(text, token.end).size;  // the white space, or nothing at the end of the text
  }
}

// Cuts one token, white space on both sides of it, at the borders of scripts without blanks.
class TokenCutter {
 public:
  TokenCutter(std::string_view text, std::vector<std::string_view>& words) : text_(text), words_(words) {}

  void cut(std::size_t begin, std::size_t end) {
    begin_ = begin;
    for (std::size_t at = begin; at < end;) {
      const CodePoint c = code_point_at(text_, at);
      if (!is_unspaced(c.value)) {
        pass(c, at);
        at += c.size;
        continue;
      }
      std::size_t stop = at;
      for (CodePoint next = c; stop < end && is_unspaced(next.value); next = code_point_at(text_, stop))
        stop += next.size;
      take_run(at, stop);
      at = stop;
    }
    emit(end);
  }

 private:
  // A character of a script with blanks, a digit or punctuation. Chinese punctuation ends a word like a blank.
  void pass(const CodePoint& c, std::size_t at) {
    const bool word = is_word(c.value), opening = is_opening(c.value), cjk_mark = is_cjk(c.value) && !word;
    if (word && (holds_run_ || after_mark_)) emit(at);
    if (opening && (holds_run_ || (cjk_mark && holds_spaced_))) emit(at);
    holds_spaced_ = holds_spaced_ || word;
    after_mark_ = cjk_mark && !opening;
  }

  void take_run(std::size_t at, std::size_t stop) {
    if (holds_run_ || holds_spaced_) emit(opening_before(at));
    ends_.clear();
    append_word_ends(text_, at, stop, ends_);
    for (std::size_t i = 0; i + 1 < ends_.size(); ++i) emit(ends_[i]);
    holds_run_ = true;
    after_mark_ = false;
  }

  // Where the opening marks directly before `at` begin.
  std::size_t opening_before(std::size_t at) const {
    for (CodePoint c = code_point_before(text_, at); at > begin_ && is_opening(c.value);
         c = code_point_before(text_, at))
      at -= c.size;
    return at;
  }

  void emit(std::size_t end) {
    if (end > begin_) words_.push_back(text_.substr(begin_, end - begin_));
    begin_ = end;
    holds_run_ = holds_spaced_ = after_mark_ = false;
  }

  std::string_view text_;
  std::vector<std::string_view>& words_;
  std::vector<std::size_t> ends_;
  std::size_t begin_ = 0;
  bool holds_run_ = false;     // the word begun holds characters of a script without blanks
  bool holds_spaced_ = false;  // or other letters and digits
  bool after_mark_ = false;    // and ends with a mark of Chinese punctuation
};

constexpr auto kAlnum = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) table[c] = is_ascii_alnum(static_cast<char>(c));
  return table;
}();

bool is_mark_of(std::string_view also, char32_t c) {
  return c < 0x80 && also.find(static_cast<char>(c)) != std::string_view::npos;
}

// Whether a word goes on from `left` to `right`, characters beside each other.
bool continues(char32_t left, char32_t right, std::string_view also) {
  if (is_combining(right)) return is_word(left);
  const bool joined =
      (is_word(left) || is_mark_of(also, left)) && (is_word(right) || is_mark_of(also, right));
  return joined && !is_unspaced(left) && !is_unspaced(right);
}

// Where a needle begins and ends, no word of it goes on.
class Borders {
 public:
  Borders(std::string_view needle, std::string_view also)
      : size_(needle.size()),
        first_(code_point_at(needle, 0).value),
        last_(code_point_before(needle, needle.size()).value),
        also_(also) {}

  bool are_at(std::string_view text, std::size_t at) const {
    const CodePoint before = code_point_before(text, at), after = code_point_at(text, at + size_);
    const bool open_left = before.size > 0 && continues(before.value, first_, also_);
    const bool open_right = after.size > 0 && continues(last_, after.value, also_);
    return !open_left && !open_right;
  }

 private:
  std::size_t size_;
  char32_t first_, last_;
  std::string_view also_;
};

std::size_t count_up_to(std::string_view text, std::string_view needle, std::string_view also,
                        std::size_t most) {
  if (needle.empty()) return 0;
  const Borders borders(needle, also);
  std::size_t count = 0;
  for (std::size_t at = 0; count < most && (at = text.find(needle, at)) != std::string_view::npos; ++at)
    if (borders.are_at(text, at)) ++count;
  return count;
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  TokenCutter cutter(text, words);
  for_each_token(text, [&](std::size_t begin, const Run& token) {
    if (token.beyond_ascii)
      cutter.cut(begin, token.end);
    else
      words.push_back(text.substr(begin, token.end - begin));
  });
  return words;
}

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  std::vector<std::string_view> words;  // of tokens that may hold more than one
  TokenCutter cutter(text, words);
  for_each_token(text, [&](std::size_t begin, const Run& token) {
    if (token.beyond_ascii)
      cutter.cut(begin, token.end);
    else
      ++count;
  });
  return count + words.size();
}

std::vector<std::string_view> bare_words(std::string_view text) {
  constexpr std::size_t kBytes = 6;  // of a word and what follows it, about
  std::vector<std::string_view> words;
  words.reserve(text.size() / kBytes);
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t plain = at;  // end of what is letters and digits of ASCII
    while (plain < text.size() && kAlnum[static_cast<unsigned char>(text[plain])]) ++plain;
    if (plain == text.size() || is_ascii(text[plain])) {
      if (plain > at) words.push_back(text.substr(at, plain - at));
      at = plain + 1;
      continue;
    }
    const Run run = run_from(text, at, is_ascii_alnum, is_word);
    ends.clear();
    if (run.beyond_ascii)
      append_ends(text, at, run.end, ends);
    else if (run.end > at)
      words.push_back(text.substr(at, run.end - at));
    for (const std::size_t end : ends) {
      words.push_back(text.substr(at, end - at));
      at = end;
    }
    at = run.end;
    at += code_point_at(text, at).size;  // what ended the run, or nothing at the end of the text
  }
  return words;
}

std::size_t count_word(std::string_view text, std::string_view needle, std::string_view also) {
  return count_up_to(text, needle, also, std::string_view::npos);
}

bool contains_word(std::string_view text, std::string_view needle, std::string_view also) {
  return count_up_to(text, needle, also, 1) > 0;
}

bool is_word_at(std::string_view text, std::size_t at, std::string_view needle, std::string_view also) {
  return !needle.empty() && text.substr(at).starts_with(needle) && Borders(needle, also).are_at(text, at);
}

}  // namespace film
