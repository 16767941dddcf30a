#pragma once
// Where in a DATA folder quotes occur: which segments hold them, and which contexts hold those segments.
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "../source.h"
#include "quote_finder.h"

namespace film::questions {

// As what a quote counts as found. plain: but for white space as it is written; folded: in any typographic form
// (FoldedText).
enum class QuoteForm { plain, folded };

class QuoteIndex {
 public:
  using Segments = std::set<std::uint32_t>;

  explicit QuoteIndex(QuoteForm form) : form_(form) {}
  void add(const std::string& quote) { finder_.add(in_form(quote)); }  // all before search()
  // Reads every segment of the contexts once. Throws stopped.
  void search(const Source& source);

  const Segments& segments_with(const std::string& quote);
  std::set<std::uint64_t> contexts_with(const std::string& quote);  // ids

 private:
  std::string in_form(const std::string& text) const;
  void note_contexts(const Source& source);
  QuoteForm form_;
  QuoteFinder finder_;
  std::unordered_map<std::size_t, Segments> segments_of_;                      // by number of the quote
  std::unordered_map<std::uint32_t, std::vector<std::uint64_t>> contexts_of_;  // by segment, if quoted
};

}  // namespace film::questions
