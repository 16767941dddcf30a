#pragma once
// For quotes that are nowhere: the text that is most like them, for whoever mends the row.
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "../source.h"

namespace film::questions {

class NearestTexts {
 public:
  // `context`: only texts of that one. Returns the quote's number.
  std::size_t add(const std::string& quote, std::optional<std::uint64_t> context);
  // Reads every segment once. Throws stopped.
  void search(const Source& source);
  // "the nearest is in context 3 (83 % of its words): "…""; or that nothing is like it.
  std::string describe(std::size_t quote) const;

 private:
  struct Quote {
    std::vector<std::string> words;
    std::optional<std::uint64_t> context;
    std::size_t shared = 0;  // words of the best place so far
    std::uint64_t found_in = 0;
    std::string text;
  };
  void compare(std::size_t number, const Context& context, const std::string& text);

  std::vector<Quote> quotes_;
  std::unordered_map<std::string, std::vector<std::size_t>> with_word_;  // numbers of the quotes that have it
};

}  // namespace film::questions
