#include "film/questions/sentences.h"

#include <algorithm>
#include <cstring>

namespace film::questions {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Bytes of words: ASCII letters, digits and everything beyond ASCII.
bool is_word(char c) {
  return is_small(small(c)) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

bool ends_sentence(std::string_view text) {
  while (!text.empty() && std::strchr("\"')]", text.back()) != nullptr) text.remove_suffix(1);
  return !text.empty() && std::strchr(".!?", text.back()) != nullptr;
}

void keep_if_whole(std::string_view sentence, std::size_t min_words, std::size_t max_words,
                   std::vector<std::string_view>& found) {
  if (sentence.empty() || is_small(sentence.front()) || !ends_sentence(sentence)) return;
  const std::size_t words = split_words(sentence).size();
  if (words >= min_words && words <= max_words) found.push_back(sentence);
}

void split_paragraph(std::string_view paragraph, std::size_t min_words, std::size_t max_words,
                     std::vector<std::string_view>& found) {
  std::size_t begin = 0;
  for (std::size_t i = 1; i < paragraph.size(); ++i) {
    const bool cut = paragraph[i - 1] == ' ' && !is_small(paragraph[i]) &&
                     ends_sentence(paragraph.substr(begin, i - 1 - begin));
    if (!cut) continue;
    keep_if_whole(paragraph.substr(begin, i - 1 - begin), min_words, max_words, found);
    begin = i;
  }
  keep_if_whole(paragraph.substr(begin), min_words, max_words, found);
}

}  // namespace

std::string flatten(std::string_view text) {
  std::string flat;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_space(text[i])) {
      flat += text[i++];
      continue;
    }
    int newlines = 0;
    for (; i < text.size() && is_space(text[i]); ++i) newlines += text[i] == '\n' ? 1 : 0;
    if (!flat.empty() && i < text.size()) flat += newlines > 1 ? '\n' : ' ';
  }
  return flat;
}

std::vector<std::string_view> sentences(std::string_view flat, std::size_t min_words, std::size_t max_words) {
  std::vector<std::string_view> found;
  std::size_t begin = 0;
  for (std::size_t end; (end = flat.find('\n', begin)) != std::string_view::npos; begin = end + 1)
    split_paragraph(flat.substr(begin, end - begin), min_words, max_words, found);
  split_paragraph(flat.substr(begin), min_words, max_words, found);
  return found;
}

std::vector<std::string_view> split_words(std::string_view flat) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  while (begin < flat.size()) {
    const std::size_t end = std::min(flat.find(' ', begin), flat.size());
    if (end > begin) words.push_back(flat.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::string to_small(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = small(c);
  return result;
}

std::size_t count_occurrences(std::string_view text, std::string_view needle) {
  if (needle.empty()) return 0;
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(needle, at)) != std::string_view::npos; ++at) {
    const std::size_t after = at + needle.size();
    const bool open_left = at > 0 && is_word(text[at - 1]) && is_word(needle.front());
    const bool open_right = after < text.size() && is_word(text[after]) && is_word(needle.back());
    if (!open_left && !open_right) ++count;
  }
  return count;
}

}  // namespace film::questions
