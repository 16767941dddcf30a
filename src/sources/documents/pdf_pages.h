#pragma once
// Private to the module: pages of a PDF as pdftotext -bbox-layout describes them.
#include <string>
#include <string_view>
#include <vector>

namespace film::sources {

// Places in points from the left and the top of the page.
struct PdfLine {
  double left = 0, right = 0, top = 0, bottom = 0;
  double first_word = 0;  // its width
  std::string text;       // words apart by blanks
};
struct PdfBlock {
  double left = 0, right = 0, top = 0, bottom = 0;
  std::vector<PdfLine> lines;
};
struct PdfPage {
  double height = 0;
  std::vector<PdfBlock> blocks;  // in the order of reading
};

// Takes the output of pdftotext as it comes, a tag a line.
class PdfPages {
 public:
  void take(std::string_view block);
  std::vector<PdfPage> pages;
  std::string title;
  std::size_t bytes = 0;  // of the text so far

 private:
  void take_line(std::string_view line);
  void take_word(std::string_view line);

  std::string rest_;  // a line that has not ended
};

}  // namespace film::sources
