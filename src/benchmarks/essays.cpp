#include "essays.h"

#include <algorithm>
#include <set>

#include "film/base/error.h"
#include "film/base/sentences.h"
#include "film/base/strings.h"
#include "film/sources/rows.h"

namespace film::benchmarks {

std::vector<sources::SourceFile> text_files(const std::string& source, const std::string& setting) {
  return sources::list_files({source}, {{".txt", ".md"}, {sources::FileKind::jsonl}}, setting).files;
}

Essays::Essays(const std::string& source) {
  const auto files = text_files(source, "ruler.essays");
  sources::for_each_row(files, {{{"text"}}}, [&](sources::Row&& row) {
    if (row.fault == sources::RowFault::empty) return;
    if (row.fault)
      throw bad_data(sources::where(row, files) + ": " + name_of(*row.fault) + ", " + row.detail,
                     "ruler.essays takes text files, and JSON rows with a key \"text\"");
    const std::string text = on_one_line(row.cells[0].text);
    if (!text.empty()) text_ += (text_.empty() ? "" : " ") + text;
  });
  for (std::size_t at = text_.find(' '); at != std::string::npos; at = text_.find(' ', at + 1))
    word_ends_.push_back(at);
  if (!text_.empty()) word_ends_.push_back(text_.size());
  sentence_starts_ = sentence_starts(text_);
  constexpr std::size_t kLeast = 1000;  // or few sentences come again and again
  if (word_ends_.size() < kLeast)
    throw no_input(source + " holds " + std::to_string(word_ends_.size()) + " words, expected " +
                       std::to_string(kLeast) + " and more",
                   "name longer texts: --set ruler.essays=PATH");
}

std::vector<std::string_view> Essays::sentences(std::size_t words) const {
  std::vector<std::string_view> found;
  for (std::size_t left = words; left > 0;) {
    const std::size_t now = std::min(left, word_ends_.size());
    const std::string_view text = std::string_view(text_).substr(0, word_ends_[now - 1]);
    std::size_t begin = 0;
    for (const std::size_t start : sentence_starts_) {
      if (start >= text.size()) break;
      found.push_back(trim(text.substr(begin, start - begin)));
      begin = start;
    }
    found.push_back(text.substr(begin));
    left -= now;
  }
  return found;
}

std::vector<std::string> Essays::vocabulary() const {
  constexpr std::size_t kShortest = 3;
  std::set<std::string> found;
  for (std::size_t i = 0, begin = 0; i < word_ends_.size(); begin = word_ends_[i++] + 1) {
    const std::string_view word = std::string_view(text_).substr(begin, word_ends_[i] - begin);
    if (word.size() >= kShortest && std::ranges::all_of(word, is_ascii_lower)) found.emplace(word);
  }
  return {found.begin(), found.end()};
}

}  // namespace film::benchmarks
