// DOCX: the text of word/document.xml as it is after its tracked changes.
#include <map>

#include "document.h"
#include "film/base/strings.h"
#include "markup.h"
#include "text_builder.h"
#include "title.h"
#include "zip_archive.h"

namespace film::sources {
namespace {

constexpr int kNoHeading = 0;

// "1" of <w:outlineLvl w:val="0"/>; levels beyond 6 are plain text.
int heading_level(const std::string& value) {
  return value.size() == 1 && value[0] >= '0' && value[0] < '6' ? value[0] - '0' + 1 : kNoHeading;
}

// Levels of headings by style; names of styles are translated, their outline levels are not.
class Styles : public MarkupHandler {
 public:
  void start(std::string_view name, const MarkupAttributes& attributes) override {
    const std::string value = attributes.get("w:val");
    if (name == "w:style") style_ = &styles_[attributes.get("w:styleId")];
    if (style_ == nullptr) return;
    if (name == "w:basedOn") style_->based_on = value;
    if (name == "w:outlineLvl") style_->level = heading_level(value);
    const std::string lower = to_lower_ascii(value);
    if (name == "w:name" && style_->level == kNoHeading && lower.starts_with("heading ") && lower.size() == 9)
      style_->level = heading_level(std::string(1, static_cast<char>(lower[8] - 1)));
    if (name == "w:name" && lower == "title") style_->level = 1;
  }
  void end(std::string_view name) override {
    if (name == "w:style") style_ = nullptr;
  }
  void text(std::string_view) override {}

  int level(std::string id) const {
    for (int i = 0; i < 10; ++i) {  // styles may be based on each other in a circle
      const auto found = styles_.find(id);
      if (found == styles_.end()) break;
      if (found->second.level != kNoHeading) return found->second.level;
      id = found->second.based_on;
    }
    return kNoHeading;
  }

 private:
  struct Style {
    int level = kNoHeading;
    std::string based_on;
  };
  std::map<std::string, Style> styles_;
  Style* style_ = nullptr;
};

bool is_on(const MarkupAttributes& attributes) {
  const std::string value = attributes.get("w:val");
  return value != "0" && value != "false" && value != "off";
}

class WordText : public MarkupHandler {
 public:
  WordText(const Styles& styles, std::set<RowNote>& notes)
      : styles_(styles), notes_(notes), builder_(notes) {}

  void start(std::string_view name, const MarkupAttributes& attributes) override {
    // In mc:Fallback text boxes are there a second time.
    if (skipped_ > 0 || name == "w:del" || name == "w:moveFrom" || name == "w:instrText" ||
        name == "mc:Fallback") {
      ++skipped_;
      return;
    }
    if (name == "w:p" && !in_cell_) builder_.end_paragraph();
    if (name == "w:tc") builder_.next_cell();
    in_cell_ = in_cell_ || name == "w:tc";
    if (name == "w:pStyle" && !in_cell_) take_level(styles_.level(attributes.get("w:val")));
    if (name == "w:outlineLvl" && !in_cell_) take_level(heading_level(attributes.get("w:val")));
    if (name == "w:r") in_run_ = true;
    if (name == "w:vanish") hidden_ = is_on(attributes);
    if (name == "w:footnoteReference" || name == "w:endnoteReference")
      notes_.insert(RowNote::footnotes_left_out);
    if (in_run_ && !hidden_) take_sign(name);
    in_text_ = name == "w:t";
  }

  void end(std::string_view name) override {
    if (skipped_ > 0) {
      --skipped_;
      return;
    }
    in_text_ = false;
    if (name == "w:r") in_run_ = hidden_ = false;
    if (name == "w:p") end_paragraph();
    if (name == "w:tc") in_cell_ = false;
    if (name == "w:tr") builder_.end_line();
    if (name == "w:tbl") builder_.end_paragraph();
  }

  void text(std::string_view utf8) override {
    if (in_text_ && skipped_ == 0 && !hidden_) builder_.add(utf8);
  }

  std::string take() { return builder_.take(); }

 private:
  void take_level(int level) {
    if (level != kNoHeading) builder_.begin_heading(level);
  }
  void take_sign(std::string_view name) {
    if (name == "w:tab") builder_.next_cell();
    if (name == "w:br" || name == "w:cr") builder_.end_line();
    if (name == "w:noBreakHyphen") builder_.add("-");
    if (name == "w:softHyphen") notes_.insert(RowNote::soft_hyphen);
  }
  // The paragraphs of a cell are one line.
  void end_paragraph() {
    if (in_cell_)
      builder_.add(" ");
    else
      builder_.end_paragraph();
  }

  const Styles& styles_;
  std::set<RowNote>& notes_;
  TextBuilder builder_;
  int skipped_ = 0;
  bool in_cell_ = false, in_run_ = false, in_text_ = false, hidden_ = false;
};

}  // namespace

DocumentText read_docx(const SourceFile& file) {
  ZipArchive archive(file.path);
  Styles styles;
  if (archive.has("word/styles.xml")) parse_xml(archive.read("word/styles.xml"), "word/styles.xml", styles);
  DocumentText read;
  WordText text(styles, read.notes);
  parse_xml(archive.read("word/document.xml"), "word/document.xml", text);
  read.text = text.take();
  read.title = title_in(archive, "docProps/core.xml");
  return read;
}

}  // namespace film::sources
