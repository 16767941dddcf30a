// EPUB: the pages of its spine, in that order.
#include <algorithm>
#include <map>
#include <vector>

#include "document.h"
#include "film/base/strings.h"
#include "markup.h"
#include "zip_archive.h"

namespace film::sources {
namespace {

std::string_view local(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

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
    in_title_ = local(name) == "title" && title.empty();
  }
  void end(std::string_view) override { in_title_ = false; }
  void text(std::string_view utf8) override {
    if (in_title_) title += utf8;
  }

  std::map<std::string, Item> items;
  std::vector<std::string> spine;
  std::string title;

 private:
  bool in_title_ = false;
};

int hex_digit(char c) {
  if (is_ascii_digit(c)) return c - '0';
  const char lower = to_ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// "Text/ch%201.xhtml#top" -> "Text/ch 1.xhtml"
std::string decoded_path(std::string_view href) {
  href = href.substr(0, href.find('#'));
  std::string path;
  for (std::size_t i = 0; i < href.size(); ++i) {
    const bool escape =
        href[i] == '%' && i + 2 < href.size() && hex_digit(href[i + 1]) >= 0 && hex_digit(href[i + 2]) >= 0;
    path += escape ? static_cast<char>(hex_digit(href[i + 1]) * 16 + hex_digit(href[i + 2])) : href[i];
    if (escape) i += 2;
  }
  return path;
}

std::string resolved(const fs::path& folder, std::string_view href) {
  return (folder / decoded_path(href)).lexically_normal().generic_string();
}

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

bool is_page(const Item& item) {
  const bool markup = item.type == "application/xhtml+xml" || item.type == "text/html" || item.type.empty();
  return markup && (" " + item.properties + " ").find(" nav ") == std::string::npos;
}

class Book {
 public:
  explicit Book(const SourceFile& file) : archive_(file.path) {}

  DocumentText read() {
    const std::string package = package_path(archive_);
    Package contents;
    parse_xml(archive_.read(package), package, contents);
    encrypted_ = encrypted_members(archive_);
    for (const std::string& id : contents.spine)
      if (const auto item = contents.items.find(id); item == contents.items.end())
        lose("\"" + id + "\" is in the spine, but not in the manifest");
      else if (is_page(item->second))
        add_page(resolved(fs::path(package).parent_path(), item->second.href));
    if (text_.text.empty() && !lost_.empty()) throw Unreadable{RowFault::damaged, lost_};
    text_.title = on_one_line(contents.title);
    return std::move(text_);
  }

 private:
  // A damaged chapter is not the end of the book.
  void add_page(const std::string& name) {
    if (std::ranges::find(encrypted_, name) != encrypted_.end())
      throw Unreadable{RowFault::encrypted, name + " is encrypted (the book has digital rights management)"};
    try {
      DocumentText page = html_text(archive_.read(name), name);
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
  DocumentText text_;
  std::string lost_;  // why the first page that is not there is missing
};

}  // namespace

DocumentText read_epub(const SourceFile& file) { return Book(file).read(); }

}  // namespace film::sources
