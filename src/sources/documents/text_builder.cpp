#include "text_builder.h"

#include <algorithm>

#include "film/base/strings.h"
#include "film/base/unicode.h"

namespace film::sources {
namespace {

constexpr std::size_t kClose = 200;  // bytes between a title and the text's own heading
constexpr char32_t kNoBreakBlank = 0xA0, kSoftHyphen = 0xAD;

}  // namespace

void TextBuilder::add(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const std::string_view bytes = text.substr(at, c.size);
    at += c.size;
    if (c.value == kSoftHyphen) {
      notes_.insert(RowNote::soft_hyphen);
    } else if (c.value == kNoBreakBlank) {
      notes_.insert(RowNote::no_break_blank);
      blank_ = true;
    } else if (c.size == 1 && is_ascii_space(bytes[0])) {
      blank_is_line_ = blank_is_line_ || bytes[0] == '\n' || bytes[0] == '\r';
      blank_ = true;
    } else {
      blank_before(c.value);
      put(bytes);
    }
  }
}

void TextBuilder::add_verbatim(std::string_view text) {
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n' && break_ != Break::none) continue;  // the first line of a block
    put({&c, 1});
  }
  blank_ = blank_is_line_ = false;
}

void TextBuilder::end_line() {
  if (break_ == Break::none && !text_.empty()) break_ = Break::line;
  blank_ = blank_is_line_ = tab_ = false;
}

void TextBuilder::end_paragraph() {
  leave_out_repeated_title();
  if (!text_.empty()) break_ = Break::paragraph;
  blank_ = blank_is_line_ = tab_ = false;
  heading_ = 0;
}

void TextBuilder::begin_heading(int level) {
  end_paragraph();
  if (!title_.empty() && text_.size() < title_end_ + kClose) leave_out_title();
  title_.clear();
  heading_ = std::clamp(level, 1, 6);
}

void TextBuilder::add_title(int level, std::string_view title) {
  end_paragraph();
  title_begin_ = text_.size();
  heading_ = std::clamp(level, 1, 6);
  add(title);
  title_end_ = text_.size();
  end_paragraph();
  title_ = to_lower(on_one_line(title));
}

void TextBuilder::leave_out_title() {
  text_.erase(title_begin_, title_end_ - title_begin_);
  if (title_begin_ == 0) text_.erase(0, text_.find_first_not_of('\n'));
  if (text_.empty()) break_ = Break::none;
  title_.clear();
}

void TextBuilder::leave_out_repeated_title() {
  const std::size_t behind = text_.size() - title_end_;
  if (title_.empty() || behind == 0 || behind > 2 * title_.size() + kClose) return;
  if (to_lower(on_one_line(text_.substr(title_end_))) != title_) return;
  text_.resize(title_end_);
  title_.clear();
}

void TextBuilder::next_cell() {
  if (break_ == Break::none && !text_.empty()) tab_ = true;
}

std::string TextBuilder::take() {
  if (!title_.empty() && text_.size() == title_end_) leave_out_title();
  while (!text_.empty() && (text_.back() == '\n' || text_.back() == ' ')) text_.pop_back();
  return std::move(text_);
}

void TextBuilder::blank_before(char32_t next) {
  const bool wanted = blank_ && break_ == Break::none && !text_.empty() && !tab_;
  const bool joined = blank_is_line_ && is_cjk(next) && is_cjk(code_point_before(text_, text_.size()).value);
  blank_ = blank_is_line_ = false;
  if (wanted && !joined && text_.back() != '\n' && text_.back() != ' ') text_ += ' ';
}

void TextBuilder::put(std::string_view character) {
  if (break_ != Break::none) text_ += break_ == Break::line ? "\n" : "\n\n";
  break_ = Break::none;
  if (tab_) text_ += '\t';
  tab_ = false;
  if (heading_ > 0) text_ += std::string(static_cast<std::size_t>(heading_), '#') + ' ';
  heading_ = 0;
  text_ += character;
}

}  // namespace film::sources
