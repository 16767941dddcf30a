// HTML and XHTML: what a reader sees of a page. Which part of it is the article is not guessed.
#include <algorithm>
#include <array>

#include "document.h"
#include "film/base/strings.h"
#include "film/base/text_stream.h"
#include "markup.h"
#include "text_builder.h"

namespace film::sources {
namespace {

template <std::size_t n>
using Names = std::array<std::string_view, n>;
constexpr Names<15> kLeftOut = {"script", "style",  "template", "nav",      "noscript",
                                "svg",    "math",   "iframe",   "object",   "audio",
                                "video",  "canvas", "select",   "textarea", "datalist"};
constexpr Names<25> kBlocks = {"address", "article", "aside",    "blockquote", "body",   "center", "details",
                               "div",     "dl",      "fieldset", "figcaption", "figure", "footer", "form",
                               "header",  "hr",      "html",     "main",       "ol",     "p",      "pre",
                               "section", "summary", "table",    "ul"};
constexpr Names<7> kLines = {"li", "tr", "dt", "dd", "caption", "option", "legend"};

template <std::size_t n>
bool in(std::string_view name, const Names<n>& names) {
  return std::ranges::find(names, name) != names.end();
}
bool is_html_heading(std::string_view name) {
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
}

class HtmlText : public MarkupHandler {
 public:
  explicit HtmlText(const std::vector<PlaceTitle>& titles) : titles_(titles), builder_(result_.notes) {
    add_titles("");
  }

  void start(std::string_view name, const MarkupAttributes& attributes) override {
    if (skipped_ > 0 || in(name, kLeftOut) || (attributes.has("hidden") && name != "body")) {
      ++skipped_;
      return;
    }
    if (name == "title") title_ = result_.title.empty();
    if (name == "pre") ++verbatim_;
    if (is_html_heading(name)) {
      ++headings_;
      builder_.begin_heading(name[1] - '0');
    }
    if (in(name, kBlocks)) builder_.end_paragraph();
    if (in(name, kLines)) builder_.end_line();
    if (const std::string id = attributes.get("id"); !id.empty()) add_titles(id);
    if (name == "td" || name == "th") builder_.next_cell();
    if (name == "br") take_break();
  }

  void end(std::string_view name) override {
    if (skipped_ > 0) {
      --skipped_;
      return;
    }
    if (name == "title") title_ = false;
    if (name == "pre") --verbatim_;
    if (is_html_heading(name)) --headings_;
    if (is_html_heading(name) || in(name, kBlocks)) builder_.end_paragraph();
    if (in(name, kLines)) builder_.end_line();
  }

  void text(std::string_view utf8) override {
    if (skipped_ > 0) return;
    if (title_) {
      result_.title += utf8;
      return;
    }
    breaks_ = 0;
    if (verbatim_ > 0)
      builder_.add_verbatim(utf8);
    else
      builder_.add(utf8);
  }

  DocumentText take() {
    result_.text = builder_.take();
    result_.title = on_one_line(result_.title);
    return std::move(result_);
  }

 private:
  // Of the element with that id; a heading is its own title.
  void add_titles(std::string_view id) {
    if (headings_ > 0) return;
    for (const PlaceTitle& place : titles_)
      if (place.id == id) builder_.add_title(place.level, place.title);
  }

  // Two in a row are how old pages part paragraphs.
  void take_break() {
    if (++breaks_ > 1)
      builder_.end_paragraph();
    else
      builder_.end_line();
  }

  const std::vector<PlaceTitle>& titles_;
  DocumentText result_;
  TextBuilder builder_;
  int skipped_ = 0;  // elements that are open below one that is left out, itself included
  int verbatim_ = 0, headings_ = 0, breaks_ = 0;
  bool title_ = false;
};

}  // namespace

DocumentText html_text(std::string_view bytes, const std::string& where,
                       const std::vector<PlaceTitle>& titles) {
  HtmlText text(titles);
  parse_html(markup_as_utf8(bytes, where), text);
  return text.take();
}

DocumentText read_html(const SourceFile& file) {
  std::string bytes;
  const std::unique_ptr<ByteStream> stream = open_text(file.path);
  while (bytes.size() < kLargestDocument && stream->read(bytes)) {
  }
  if (bytes.size() >= kLargestDocument) throw Unreadable{RowFault::too_large, "a page of 512 MiB and more"};
  return html_text(bytes, file.name);
}

}  // namespace film::sources
