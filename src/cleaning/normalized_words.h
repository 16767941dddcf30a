#pragma once
// Private to the module: texts as words that can be compared whatever their case, punctuation and width.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace film::cleaning {

// The words of a text after NFKC and case folding: runs of letters, marks and digits; a Han character is a word of its
// own. So "well-known" is two words.
class NormalizedWords {
 public:
  explicit NormalizedWords(std::string_view text);

  std::size_t size() const { return begins_.size(); }
  std::string_view word(std::size_t i) const { return window(i, 1); }
  // Words i to i + count - 1 with a blank between any two.
  std::string_view window(std::size_t i, std::size_t count) const;
  bool mostly_han() const { return 2 * han_ > size(); }

 private:
  void add_ascii(std::string_view text);
  void add_any(std::string_view text);
  void begin_word();

  std::string text_;  // all words, a blank behind each
  std::vector<std::uint32_t> begins_;
  std::size_t han_ = 0;
};

// hash(i) is that of words i to i + length - 1; made of the word hashes in one pass.
class WindowHashes {
 public:
  WindowHashes(const std::vector<std::uint64_t>& word_hashes, std::size_t length);
  std::size_t size() const { return hashes_.size(); }  // 0 for a text of fewer words
  std::uint64_t operator[](std::size_t i) const { return hashes_[i]; }
  auto begin() const { return hashes_.begin(); }
  auto end() const { return hashes_.end(); }

 private:
  std::vector<std::uint64_t> hashes_;
};

std::vector<std::uint64_t> word_hashes(const NormalizedWords& words);

}  // namespace film::cleaning
