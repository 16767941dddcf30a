// Chapters of an EPUB that only its table of contents names.
#include <gtest/gtest.h>

#include "../support/temp_folder.h"
#include "read_document.h"

namespace film::sources {
namespace {

using support::TempFolder;

// The book with a table of contents, as EPUB 3 and as EPUB 2 have it, and the pages' own bodies.
std::map<std::string, std::string> with_contents(const std::string& contents, bool navigation,
                                                 const std::string& first, const std::string& second) {
  const std::string item =
      navigation ? "<item id='n' href='toc/nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>"
                 : "<item id='n' href='toc/nav.xhtml' media-type='application/x-dtbncx+xml'/>";
  return {
      {"OPS/b.opf", "<package><metadata><title>B</title></metadata><manifest>" + item +
                        "<item id='a' href='a%20b.xhtml' media-type='application/xhtml+xml'/><item id='b' "
                        "href='b.xhtml' media-type='application/xhtml+xml'/></manifest><spine toc='" +
                        (navigation ? "" : "n") +
                        "'><itemref idref='n'/><itemref idref='a'/><itemref idref='b'/></spine></package>"},
      {"OPS/toc/nav.xhtml", contents},
      {"OPS/a.xhtml", ""},
      {"OPS/a b.xhtml", "<html><body>" + first + "</body></html>"},
      {"OPS/b.xhtml", "<html><body>" + second + "</body></html>"}};
}

TEST(EpubContents, ChaptersAreNamedByTheTableOfContentsWhereThePageHasNoHeading) {
  const std::string nav =
      "<html><body><nav epub:type='landmarks'><ol><li><a href='../b.xhtml'>Wrong</a></li></ol></nav>"
      "<nav epub:type='toc'><ol><li><a href='../a%20b.xhtml'>The <i>pilot</i></a><ol>"
      "<li><a href='../a%20b.xhtml#s%C3%A9'>At night</a></li></ol></li>"
      "<li><a href='../b.xhtml#top'>The Buoy</a></li></ol></nav></body></html>";
  const std::string ncx =
      "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><docTitle><text>B</text></docTitle><navMap>"
      "<navPoint><navLabel><text>The pilot</text></navLabel><content src='../a%20b.xhtml'/>"
      "<navPoint><navLabel><text>At night</text></navLabel><content src='../a%20b.xhtml#s%C3%A9'/></navPoint>"
      "</navPoint><navPoint><navLabel><text>The Buoy</text></navLabel><content "
      "src='../b.xhtml#top'/></navPoint>"
      "</navMap><pageList><pageTarget><content src='../b.xhtml'/></pageTarget></pageList></ncx>";
  const std::string pilot = "<p>He rows out.</p><p id='s\xC3\xA9'>The lamp is lit.</p>";
  const std::string far(300, 'x');
  struct Case {
    std::string first, second, text;
  };
  const std::string begin = "# The pilot\n\nHe rows out.\n\n## At night\n\nThe lamp is lit.\n\n";
  const std::vector<Case> cases = {
      {pilot, "<p id='top'>It drifts.</p>", begin + "# The Buoy\n\nIt drifts."},
      {pilot, "<p id='top'>THE  BUOY</p><p>It drifts.</p>", begin + "# The Buoy\n\nIt drifts."},
      {pilot, "<p id='top'>The buoy</p>", begin + "# The Buoy"},
      {pilot, "<h2 id='top'>Buoys</h2><p>It drifts.</p>", begin + "## Buoys\n\nIt drifts."},
      {pilot, "<h2><a id='top'></a>Buoys</h2><p>It drifts.</p>", begin + "## Buoys\n\nIt drifts."},
      {pilot, "<div id='top'><p>2</p><h3>Buoys</h3>It drifts.</div>", begin + "2\n\n### Buoys\n\nIt drifts."},
      {pilot, "<p id='top'>" + far + "</p><h3>Chains</h3><p>Rust.</p>",
       begin + "# The Buoy\n\n" + far + "\n\n### Chains\n\nRust."},
      {"<img id='s\xC3\xA9'/>", "<p>It drifts.</p>", "# The pilot\n\nIt drifts."},
  };
  const TempFolder folder;
  for (const Case& c : cases)
    for (const bool navigation : {true, false}) {
      const Read found = read(
          folder.put("b.epub", book(with_contents(navigation ? nav : ncx, navigation, c.first, c.second))));
      EXPECT_EQ(found.text, c.text) << navigation;
      EXPECT_EQ(found.notes, "");
    }
}

TEST(EpubContents, ADamagedTableOfContentsIsNoted) {
  const TempFolder folder;
  for (const auto& [contents, navigation] : std::vector<std::pair<std::string, bool>>{
           {"<ncx><navMap>", false}, {"<nav>\xE9</nav>", true}, {"", true}, {"", false}}) {
    const Read found =
        read(folder.put("b.epub", book(with_contents(contents, navigation, "<p>a</p>", "<p>b</p>"))));
    EXPECT_EQ(found.text, "a\n\nb");
    EXPECT_EQ(found.notes, "lost_part");
  }
}

}  // namespace
}  // namespace film::sources
