#include "title.h"

#include "film/base/strings.h"
#include "markup.h"

namespace film::sources {
namespace {

class TitleText : public MarkupHandler {
 public:
  void start(std::string_view name, const MarkupAttributes&) override { in_ = name == "dc:title"; }
  void end(std::string_view) override { in_ = false; }
  void text(std::string_view utf8) override {
    if (in_) title += utf8;
  }
  std::string title;

 private:
  bool in_ = false;
};

}  // namespace

std::string title_in(ZipArchive& archive, const std::string& member) {
  if (!archive.has(member)) return {};
  TitleText text;
  parse_xml(archive.read(member), member, text);
  return on_one_line(text.title);
}

}  // namespace film::sources
