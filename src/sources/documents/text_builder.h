#pragma once
// Private to the module: the text of a document in the making.
#include <set>
#include <string>
#include <string_view>

#include "film/sources/rows.h"

namespace film::sources {

// White space is as in HTML: a run of it is one blank, none at the ends of lines; a line break between two characters of
// Chinese or Japanese is nothing. No-break blanks are blanks, soft hyphens are left out, both noted.
class TextBuilder {
 public:
  explicit TextBuilder(std::set<RowNote>& notes) : notes_(notes) {}  // keeps the reference

  void add(std::string_view text);
  void add_verbatim(std::string_view text);  // line breaks and blanks as they are
  void end_line();                           // nothing where a line begins
  void end_paragraph();
  void begin_heading(int level);  // up to the end of the paragraph; 1 is the highest
  // A heading that comes from elsewhere, a table of contents. It gives way to a heading of the text itself close behind it and
  // to the text's end; a paragraph behind it that says the same is left out.
  void add_title(int level, std::string_view title);
  void next_cell();  // a tab, unless a line begins
  std::string take();

 private:
  enum class Break { none, line, paragraph };
  void leave_out_title();
  void leave_out_repeated_title();
  void put(std::string_view character);
  void blank_before(char32_t next);

  std::set<RowNote>& notes_;
  std::string text_;
  Break break_ = Break::none;  // to be written before the next character
  bool blank_ = false, blank_is_line_ = false, tab_ = false;
  int heading_ = 0;
  std::string title_;  // the last one of add_title(), while it may give way
  std::size_t title_begin_ = 0, title_end_ = 0;
};

}  // namespace film::sources
