// ODT: the text of content.xml as it is after its tracked changes.
#include <algorithm>

#include "document.h"
#include "film/base/strings.h"
#include "markup.h"
#include "text_builder.h"
#include "title.h"
#include "zip_archive.h"

namespace film::sources {
namespace {

std::size_t count_of(const std::string& text, std::size_t otherwise) {
  const bool digits = !text.empty() && text.size() < 5 && std::ranges::all_of(text, is_ascii_digit);
  return digits ? std::stoul(text) : otherwise;
}

class OpenText : public MarkupHandler {
 public:
  explicit OpenText(std::set<RowNote>& notes) : notes_(notes), builder_(notes) {}

  void start(std::string_view name, const MarkupAttributes& attributes) override {
    // Indexes say again what headings say.
    const bool left_out = name == "text:tracked-changes" || name == "office:annotation" ||
                          name == "text:note" || name == "text:table-of-content" ||
                          name == "text:alphabetical-index" || name == "svg:title" || name == "svg:desc";
    if (name == "text:note") notes_.insert(RowNote::footnotes_left_out);
    if (skipped_ > 0 || left_out) {
      ++skipped_;
      return;
    }
    if (name == "text:h" && cells_ == 0)
      builder_.begin_heading(static_cast<int>(count_of(attributes.get("text:outline-level"), 1)));
    if (name == "text:p" && cells_ == 0) builder_.end_paragraph();
    if (name == "table:table-cell") {
      builder_.next_cell();
      ++cells_;
    }
    if (name == "text:h" || name == "text:p") ++paragraphs_;
    if (name == "text:s") builder_.add_verbatim(std::string(count_of(attributes.get("text:c"), 1), ' '));
    if (name == "text:tab") builder_.next_cell();
    if (name == "text:line-break") builder_.end_line();
  }

  void end(std::string_view name) override {
    if (skipped_ > 0) {
      --skipped_;
      return;
    }
    if (name == "text:h" || name == "text:p") end_paragraph();
    if (name == "table:table-cell") --cells_;
    if (name == "table:table-row" && cells_ == 0) builder_.end_line();
    if (name == "table:table" && cells_ == 0) builder_.end_paragraph();
  }

  void text(std::string_view utf8) override {
    if (skipped_ == 0 && paragraphs_ > 0) builder_.add(utf8);
  }

  std::string take() { return builder_.take(); }

 private:
  // The paragraphs of a cell are one line.
  void end_paragraph() {
    --paragraphs_;
    if (cells_ > 0)
      builder_.add(" ");
    else
      builder_.end_paragraph();
  }

  std::set<RowNote>& notes_;
  TextBuilder builder_;
  int skipped_ = 0, cells_ = 0, paragraphs_ = 0;  // open ones
};

}  // namespace

DocumentText read_odt(const SourceFile& file) {
  ZipArchive archive(file.path);
  const std::string manifest = "META-INF/manifest.xml";
  if (archive.has(manifest) && archive.read(manifest).find("encryption-data") != std::string::npos)
    throw Unreadable{RowFault::encrypted, "it is protected by a password"};
  DocumentText read;
  OpenText text(read.notes);
  parse_xml(archive.read("content.xml"), "content.xml", text);
  read.text = text.take();
  read.title = title_in(archive, "meta.xml");
  return read;
}

}  // namespace film::sources
