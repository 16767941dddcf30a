#pragma once
// The text that needles are hidden in.
#include <string>
#include <string_view>
#include <vector>

#include "film/sources/files.h"

namespace film::benchmarks {

// Files of text, for a setting.
std::vector<sources::SourceFile> text_files(const std::string& source, const std::string& setting);

// Texts behind each other with single blanks. What asks for more words than there are gets them from the beginning again.
class Essays {
 public:
  // `source`: a file or folder of .txt, .md, or JSON rows with a key "text". Throws no_input, bad_data.
  explicit Essays(const std::string& source);

  // Sentences of the first `words` words, the last one cut there.
  std::vector<std::string_view> sentences(std::size_t words) const;
  // Words of three letters and more, in lower case, each once, sorted.
  std::vector<std::string> vocabulary() const;
  std::size_t words() const { return word_ends_.size(); }

 private:
  std::string text_;
  std::vector<std::size_t> word_ends_, sentence_starts_;  // bytes of the text
};

}  // namespace film::benchmarks
