#include "pdf_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "film/base/strings.h"

namespace film::sources {
namespace {

constexpr double kMargin = 0.12;                // of a page's height
constexpr std::size_t kLeast = 3;               // pages that a running head is on
constexpr double kIndent = 0.8, kBlank = 0.25;  // in heights of a line

using Counts = std::unordered_map<std::string, std::uint64_t>;

std::string without_digits(const PdfBlock& block) {
  std::string text;
  for (const PdfLine& line : block.lines)
    for (const char c : line.text) text += is_ascii_digit(c) ? '#' : c;
  return text;
}

// "12", "- 12 -", "xiv"
bool is_page_number(const PdfBlock& block) {
  if (block.lines.size() != 1) return false;
  const std::string text = to_lower_ascii(trim(block.lines[0].text, "-–—|[]()."));
  const bool digits = text.size() <= 5 && std::ranges::all_of(text, is_ascii_digit);
  return !text.empty() &&
         (digits || (text.size() <= 8 && text.find_first_not_of("ivxlc") == std::string::npos));
}

bool is_in_margin(const PdfPage& page, const PdfBlock& block) {
  const bool outer = block.bottom < kMargin * page.height || block.top > (1 - kMargin) * page.height;
  return outer && block.lines.size() <= 2;
}

bool ends_sentence(const std::string& text) {
  std::size_t at = text.size();
  CodePoint last = code_point_before(text, at);
  while (last.size > 0 &&
         std::u32string_view(U"\"')]”’»」』）】").find(last.value) != std::u32string_view::npos) {
    at -= last.size;
    last = code_point_before(text, at);
  }
  return std::u32string_view(U".!?:…。！？：؟।").find(last.value) != std::u32string_view::npos;
}

// Letters, hyphens and apostrophes around the place; in lower case.
std::string word_before(const std::string& text) {
  std::size_t begin = text.size();
  while (begin > 0 && !is_ascii_space(text[begin - 1])) --begin;
  return to_lower(text.substr(begin));
}
std::string word_after(std::string_view text) {
  std::size_t end = 0;
  for (CodePoint c = code_point_at(text, end); c.size > 0 && (is_word(c.value) || c.value == '-');
       c = code_point_at(text, end))
    end += c.size;
  return to_lower(text.substr(0, end));
}

// How often the document has each word inside its lines.
Counts words_of(const std::vector<PdfPage>& pages) {
  Counts counts;
  for (const PdfPage& page : pages)
    for (const PdfBlock& block : page.blocks)
      for (const PdfLine& line : block.lines) {
        const std::vector<std::string_view> words = split(line.text, " ");
        for (std::size_t i = 1; i + 1 < words.size(); ++i)
          ++counts[to_lower(trim(words[i], ".,;:!?\"'()[]"))];
      }
  return counts;
}

// Which blocks are headings, by the size of their type.
class Headings {
 public:
  explicit Headings(const std::vector<PdfPage>& pages) {
    std::map<double, std::size_t> characters;  // by size
    for (const PdfPage& page : pages)
      for (const PdfBlock& block : page.blocks)
        for (const PdfLine& line : block.lines) characters[size_of(line)] += line.text.size();
    std::size_t all = 0, below = 0;
    for (const auto& [size, count] : characters) all += count;
    for (const auto& [size, count] : characters)
      if (2 * (below += count) >= all) {
        body_ = size;
        break;
      }
    for (const PdfPage& page : pages)
      for (const PdfBlock& block : page.blocks)
        if (is_heading(block)) sizes_.insert(size_of(block.lines.front()));
  }

  // "# ", "## " … before a heading; empty before other blocks.
  std::string mark_of(const PdfBlock& block) const {
    if (!is_heading(block)) return "";
    const auto larger = std::distance(sizes_.upper_bound(size_of(block.lines.front())), sizes_.end());
    constexpr std::ptrdiff_t kLevels = 6;
    return std::string(static_cast<std::size_t>(std::min(larger + 1, kLevels)), '#') + " ";
  }

 private:
  static double size_of(const PdfLine& line) { return std::round(line.bottom - line.top); }

  bool is_heading(const PdfBlock& block) const {
    constexpr double kLarger = 1.2;
    constexpr std::size_t kMostLines = 3, kMostBytes = 100, kLeastLetters = 2;
    std::size_t bytes = 0, letters = 0;
    for (const PdfLine& line : block.lines) {
      if (size_of(line) < kLarger * body_) return false;
      bytes += line.text.size() + 1;
      for (std::size_t at = 0; at < line.text.size(); at += code_point_at(line.text, at).size)
        letters += is_word(code_point_at(line.text, at).value) ? 1 : 0;
    }
    return block.lines.size() <= kMostLines && bytes <= kMostBytes && letters >= kLeastLetters;
  }

  double body_ = 0;
  std::set<double> sizes_;  // of headings
};

class Paragraphs {
 public:
  Paragraphs(Counts words, std::set<RowNote>& notes) : words_(std::move(words)), notes_(notes) {}

  void add_heading(const std::string& mark, const PdfBlock& block) {
    end();
    for (const PdfLine& line : block.lines)
      if (!line.text.empty()) join(line.text);
    open_ = mark + open_;
    end();
  }

  void add(const PdfBlock& block) {
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
      const PdfLine& line = block.lines[i];
      if (line.text.empty()) continue;
      const bool begins = i == 0 ? !goes_on(line.text) : begins_inside(block, i);
      if (begins) end();
      join(line.text);
    }
  }
  std::string take() {
    end();
    return std::move(text_);
  }

 private:
  bool goes_on(const std::string& next) const {
    if (open_.empty() || ends_sentence(open_)) return false;
    const char32_t first = code_point_at(next, 0).value, last = code_point_before(open_, open_.size()).value;
    return is_lower(first) || (is_cjk(first) && is_cjk(last));
  }

  static bool begins_inside(const PdfBlock& block, std::size_t i) {
    const PdfLine &before = block.lines[i - 1], &line = block.lines[i];
    const double height = line.bottom - line.top;
    const bool indented =
        line.left > block.left + kIndent * height && before.left <= block.left + kIndent * height;
    const double left_over = block.right - before.right;
    return indented || line.first_word + kBlank * height < left_over - height;
  }

  void join(const std::string& line) {
    if (open_.empty()) {
      open_ = line;
      return;
    }
    const CodePoint last = code_point_before(open_, open_.size()), first = code_point_at(line, 0);
    constexpr char32_t kSoftHyphen = 0xAD, kHyphen = 0x2010;
    if (last.value == kSoftHyphen) {
      open_.resize(open_.size() - last.size);
    } else if ((last.value == '-' || last.value == kHyphen) && is_lower(first.value)) {
      if (!keeps_hyphen(open_.substr(0, open_.size() - last.size), line))
        open_.resize(open_.size() - last.size);
    } else if (!(is_cjk(last.value) && is_cjk(first.value))) {
      open_ += ' ';
    }
    open_ += line;
  }

  bool keeps_hyphen(const std::string& before, const std::string& after) {
    const std::string first = std::string(trim(word_before(before), ".,;:!?\"'()[]")),
                      second = word_after(after);
    const std::uint64_t with = count(first + "-" + second), without = count(first + second);
    if (with == 0 && without == 0) notes_.insert(RowNote::guessed_hyphen);
    return with > without;
  }
  std::uint64_t count(const std::string& word) const {
    const auto found = words_.find(word);
    return found == words_.end() ? 0 : found->second;
  }

  void end() {
    if (!open_.empty()) text_ += (text_.empty() ? "" : "\n\n") + open_;
    open_.clear();
  }

  Counts words_;
  std::set<RowNote>& notes_;
  std::string text_, open_;
};

}  // namespace

void remove_running_heads(std::vector<PdfPage>& pages) {
  Counts on_pages;
  for (const PdfPage& page : pages) {
    std::set<std::string> here;
    for (const PdfBlock& block : page.blocks)
      if (is_in_margin(page, block)) here.insert(without_digits(block));
    for (const std::string& text : here) ++on_pages[text];
  }
  const std::size_t least = std::max(kLeast, (pages.size() + 3) / 4);
  for (PdfPage& page : pages)
    std::erase_if(page.blocks, [&](const PdfBlock& block) {
      return is_in_margin(page, block) && (is_page_number(block) || on_pages[without_digits(block)] >= least);
    });
}

std::string pdf_text(const std::vector<PdfPage>& pages, std::set<RowNote>& notes) {
  Paragraphs paragraphs(words_of(pages), notes);
  const Headings headings(pages);
  for (const PdfPage& page : pages)
    for (const PdfBlock& block : page.blocks)
      if (const std::string mark = headings.mark_of(block); !mark.empty())
        paragraphs.add_heading(mark, block);
      else
        paragraphs.add(block);
  return paragraphs.take();
}

}  // namespace film::sources
