#include "epub_contents.h"

#include "film/base/strings.h"
#include "markup.h"

namespace film::sources {
namespace {

int hex_digit(char c) {
  if (is_ascii_digit(c)) return c - '0';
  const char lower = to_ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view href) {
  std::string path;
  for (std::size_t i = 0; i < href.size(); ++i) {
    const bool escape =
        href[i] == '%' && i + 2 < href.size() && hex_digit(href[i + 1]) >= 0 && hex_digit(href[i + 2]) >= 0;
    path += escape ? static_cast<char>(hex_digit(href[i + 1]) * 16 + hex_digit(href[i + 2])) : href[i];
    if (escape) i += 2;
  }
  return path;
}

// What both forms of a table say: a title at a depth, and where it leads to.
class Titles {
 public:
  explicit Titles(const std::string& where) : folder_(fs::path(where).parent_path()) {}

  void add(std::string_view href, const std::string& title, int level) {
    const std::string one_line = on_one_line(title);
    if (href.empty() || one_line.empty()) return;
    const std::size_t mark = href.find('#');
    const std::string id = mark == href.npos ? "" : decoded(href.substr(mark + 1));
    list[resolved(folder_, href)].push_back({id, one_line, level});
  }

  PageTitles list;

 private:
  fs::path folder_;
};

class Navigation : public MarkupHandler {
 public:
  explicit Navigation(const std::string& where) : first_(where), toc_(where) {}

  void start(std::string_view name, const MarkupAttributes& attributes) override {
    if (name == "nav") {
      ++navs_;
      is_toc_ = (" " + attributes.get("epub:type") + " ").find(" toc ") != std::string::npos;
    }
    if (name == "ol" || name == "ul") ++depth_;
    if (name != "a" || depth_ == 0) return;
    href_ = attributes.get("href");
    title_.clear();
  }
  void end(std::string_view name) override {
    if (name == "nav") is_toc_ = false;
    if (name == "ol" || name == "ul") --depth_;
    if (name != "a") return;
    if (is_toc_) toc_.add(href_, title_, depth_);
    if (navs_ == 1) first_.add(href_, title_, depth_);
    href_.clear();
  }
  void text(std::string_view utf8) override { title_ += utf8; }

  PageTitles take() { return std::move(toc_.list.empty() ? first_.list : toc_.list); }

 private:
  Titles first_, toc_;
  std::string href_, title_;
  int navs_ = 0, depth_ = 0;
  bool is_toc_ = false;
};

class Ncx : public MarkupHandler {
 public:
  explicit Ncx(const std::string& where) : titles_(where) {}

  void start(std::string_view name, const MarkupAttributes& attributes) override {
    if (local(name) == "navPoint") {
      ++depth_;
      title_.clear();
    }
    if (local(name) == "content" && depth_ > 0) titles_.add(attributes.get("src"), title_, depth_);
    in_text_ = local(name) == "text";
  }
  void end(std::string_view name) override {
    in_text_ = false;
    if (local(name) == "navPoint") --depth_;
  }
  void text(std::string_view utf8) override {
    if (in_text_) title_ += utf8;
  }

  PageTitles take() { return std::move(titles_.list); }

 private:
  Titles titles_;
  std::string title_;
  int depth_ = 0;
  bool in_text_ = false;
};

}  // namespace

PageTitles titles_of_navigation(std::string_view html, const std::string& where) {
  Navigation navigation(where);
  parse_html(markup_as_utf8(html, where), navigation);
  return navigation.take();
}

PageTitles titles_of_ncx(std::string_view xml, const std::string& where) {
  Ncx ncx(where);
  parse_xml(xml, where, ncx);
  return ncx.take();
}

std::string_view local(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

std::string decoded_path(std::string_view href) { return decoded(href.substr(0, href.find('#'))); }

std::string resolved(const fs::path& folder, std::string_view href) {
  return (folder / decoded_path(href)).lexically_normal().generic_string();
}

}  // namespace film::sources
