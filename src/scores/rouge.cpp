#include "rouge.h"

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "film/base/strings.h"

namespace film::scores {
namespace {

using Sentence = std::vector<std::uint32_t>;  // numbers of words
using WordSet = std::unordered_set<std::uint32_t>;

// What Python's str.split() takes for white space.
bool is_python_space(char32_t c) { return is_space(c) || (c >= 0x1C && c <= 0x1F); }

// Words by number, the same word by the same one.
class Vocabulary {
 public:
  // A sentence of white space alone is one word: the empty one.
  Sentence sentence(std::string_view text) {
    Sentence words;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint c = code_point_at(text, at);
      if (is_python_space(c.value)) {
        if (at > begin) words.push_back(number(text.substr(begin, at - begin)));
        begin = at + c.size;
      }
      at += c.size;
    }
    if (begin < text.size()) words.push_back(number(text.substr(begin)));
    if (words.empty()) words.push_back(number({}));
    return words;
  }

  std::vector<Sentence> sentences(std::string_view text) {
    std::vector<Sentence> list;
    for (const std::string_view piece : split(text, "."))
      if (!piece.empty()) list.push_back(sentence(piece));
    return list;
  }

 private:
  std::uint32_t number(std::string_view word) {
    return numbers_.emplace(word, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

std::size_t different_words(const std::vector<Sentence>& sentences) {
  WordSet words;
  for (const Sentence& sentence : sentences) words.insert(sentence.begin(), sentence.end());
  return words.size();
}

// Adds the words of the longest common subsequence. Of several, the one that is found from the end by going back along
// the output unless only the reference keeps the length: the package's order.
void add_common(const Sentence& reference, const Sentence& output, std::vector<std::uint32_t>& table,
                WordSet& words) {
  const std::size_t width = output.size() + 1;
  table.assign((reference.size() + 1) * width, 0);
  for (std::size_t i = 1; i <= reference.size(); ++i)
    for (std::size_t j = 1; j <= output.size(); ++j) {
      const std::uint32_t up = table[(i - 1) * width + j], left = table[i * width + j - 1];
      table[i * width + j] =
          reference[i - 1] == output[j - 1] ? table[(i - 1) * width + j - 1] + 1 : std::max(up, left);
    }
  std::size_t i = reference.size(), j = output.size();
  while (i > 0 && j > 0) {
    if (reference[i - 1] == output[j - 1]) {
      words.insert(reference[i - 1]);
      --i;
      --j;
    } else if (table[(i - 1) * width + j] > table[i * width + j - 1]) {
      --i;
    } else {
      --j;
    }
  }
}

}  // namespace

double rouge_l_f(std::string_view output, std::string_view reference) {
  Vocabulary vocabulary;
  const auto said = vocabulary.sentences(output), wanted = vocabulary.sentences(reference);
  if (said.empty() || wanted.empty()) return 0;
  WordSet common;
  std::vector<std::uint32_t> table;
  for (const Sentence& from : wanted)
    for (const Sentence& to : said) add_common(from, to, table, common);
  const auto shared = static_cast<double>(common.size());
  const double recall = shared / static_cast<double>(different_words(wanted));
  const double precision = shared / static_cast<double>(different_words(said));
  return 2.0 * ((precision * recall) / (precision + recall + 1e-8));
}

}  // namespace film::scores
