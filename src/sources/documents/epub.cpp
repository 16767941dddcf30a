// EPUB: the pages of its spine, in that order, with the titles of its table of contents.
#include <algorithm>
#include <map>
#include <vector>

#include "document.h"
#include "epub_contents.h"
#include "film/base/strings.h"
#include "markup.h"
#include "zip_archive.h"

namespace film::sources {
namespace {

// Values of one attribute of all elements of one name.
class AttributeValues : public MarkupHandler {
 public:
  AttributeValues(std::string_view element, std::string_view attribute)
      : element_(element), attribute_(attribute) {}
  void start(std::string_view name, const MarkupAttributes& attributes) override {
    if (local(name) == element_) values.push_back(attributes.get(attribute_));
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<std::string> values;

 private:
  std::string_view element_, attribute_;
};

struct Item {
  std::string href, type, properties;
};

class Package : public MarkupHandler {
 public:
  void start(std::string_view name, const MarkupAttributes& attributes) override {
    if (local(name) == "item")
      items[attributes.get("id")] = {attributes.get("href"), attributes.get("media-type"),
                                     attributes.get("properties")};
    if (local(name) == "itemref") spine.push_back(attributes.get("idref"));
    if (local(name) == "spine") ncx = attributes.get("toc");
    in_title_ = local(name) == "title" && title.empty();
  }
  void end(std::string_view) override { in_title_ = false; }
  void text(std::string_view utf8) override {
    if (in_title_) title += utf8;
  }

  std::map<std::string, Item> items;
  std::vector<std::string> spine;
  std::string title, ncx;  // ncx: the item that EPUB 2 has its table of contents in

 private:
  bool in_title_ = false;
};

std::string package_path(ZipArchive& archive) {
  AttributeValues roots("rootfile", "full-path");
  parse_xml(archive.read("META-INF/container.xml"), "META-INF/container.xml", roots);
  if (roots.values.empty()) throw Unreadable{RowFault::damaged, "META-INF/container.xml names no package"};
  return decoded_path(roots.values.front());
}

// What the rights of its owner keep unreadable. Fonts may be encrypted in any book.
std::vector<std::string> encrypted_members(ZipArchive& archive) {
  const std::string name = "META-INF/encryption.xml";
  if (!archive.has(name)) return {};
  AttributeValues uris("CipherReference", "URI");
  parse_xml(archive.read(name), name, uris);
  for (std::string& uri : uris.values) uri = decoded_path(uri);
  return uris.values;
}

bool is_navigation(const Item& item) {
  return (" " + item.properties + " ").find(" nav ") != std::string::npos;
}

bool is_page(const Item& item) {
  const bool markup = item.type == "application/xhtml+xml" || item.type == "text/html" || item.type.empty();
  return markup && !is_navigation(item);
}

class Book {
 public:
  explicit Book(const SourceFile& file) : archive_(file.path) {}

  DocumentText read() {
    const std::string package = package_path(archive_);
    Package contents;
    parse_xml(archive_.read(package), package, contents);
    encrypted_ = encrypted_members(archive_);
    const fs::path folder = fs::path(package).parent_path();
    find_titles(contents, folder);
    for (const std::string& id : contents.spine)
      if (const auto item = contents.items.find(id); item == contents.items.end())
        lose("\"" + id + "\" is in the spine, but not in the manifest");
      else if (is_page(item->second))
        add_page(resolved(folder, item->second.href));
    if (text_.text.empty() && !lost_.empty()) throw Unreadable{RowFault::damaged, lost_};
    text_.title = on_one_line(contents.title);
    return std::move(text_);
  }

 private:
  void find_titles(const Package& contents, const fs::path& folder) {
    const auto navigation =
        std::ranges::find_if(contents.items, [](const auto& item) { return is_navigation(item.second); });
    const auto ncx = contents.items.find(contents.ncx);
    const bool has_navigation = navigation != contents.items.end();
    if (!has_navigation && ncx == contents.items.end()) return;
    const std::string name = resolved(folder, (has_navigation ? navigation : ncx)->second.href);
    try {
      const std::string bytes = archive_.read(name);
      titles_ = has_navigation ? titles_of_navigation(bytes, name) : titles_of_ncx(bytes, name);
    } catch (const Unreadable& failure) {
      if (failure.fault != RowFault::damaged && failure.fault != RowFault::bad_utf8) throw;
      text_.notes.insert(RowNote::lost_part);
    }
  }

  // A damaged chapter is not the end of the book.
  void add_page(const std::string& name) {
    if (std::ranges::find(encrypted_, name) != encrypted_.end())
      throw Unreadable{RowFault::encrypted, name + " is encrypted (the book has digital rights management)"};
    try {
      DocumentText page = html_text(archive_.read(name), name, titles_[name]);
      text_.notes.merge(page.notes);
      if (!page.text.empty()) text_.text += (text_.text.empty() ? "" : "\n\n") + page.text;
    } catch (const Unreadable& failure) {
      if (failure.fault != RowFault::damaged && failure.fault != RowFault::bad_utf8) throw;
      lose(failure.detail);
    }
  }
  void lose(const std::string& why) {
    if (lost_.empty()) lost_ = why;
    text_.notes.insert(RowNote::lost_part);
  }

  ZipArchive archive_;
  std::vector<std::string> encrypted_;
  PageTitles titles_;
  DocumentText text_;
  std::string lost_;  // why the first page that is not there is missing
};

}  // namespace

DocumentText read_epub(const SourceFile& file) { return Book(file).read(); }

}  // namespace film::sources
