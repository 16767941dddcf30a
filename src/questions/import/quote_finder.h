#pragma once
// Finds many quotes in many texts in one reading: by the hash of their first words, then by
// the words themselves.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace film::questions {

// Words, and the single characters of scripts without blanks, where the words that a dictionary finds depend
// on where the text begins. Punctuation is left out: a quote may begin or end inside what belongs to the text.
std::vector<std::string_view> quote_words(std::string_view text);

class QuoteFinder {
 public:
  // Adds a normalised quote; the same quote gets the same number.
  std::size_t add(const std::string& quote);
  // Numbers of the quotes that occur in a normalised text as whole words, ascending.
  std::vector<std::size_t> find(const std::string& flat) const;
  std::size_t size() const { return quotes_.size(); }

 private:
  std::vector<std::string> quotes_;
  std::unordered_map<std::string, std::size_t> numbers_;
  // By number of words hashed (1 to 5): hash of them -> quotes that begin so.
  std::map<std::size_t, std::unordered_map<std::size_t, std::vector<std::size_t>>> beginnings_;
};

}  // namespace film::questions
