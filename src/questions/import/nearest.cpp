#include "nearest.h"

#include <algorithm>
#include <map>
#include <set>

#include "film/base/folded_text.h"
#include "film/base/strings.h"
#include "quote_finder.h"
#include "segments.h"

namespace film::questions {
namespace {

// Half of the words must be the same: less is chance.
std::size_t least_shared(std::size_t words) { return (words + 1) / 2; }

// The place in a text that shares the most words with a quote of so many words.
struct WindowOf {
  std::size_t shared = 0, first = 0, last = 0;
};

WindowOf best_window(const std::vector<std::string_view>& text, const std::vector<std::string>& quote) {
  std::map<std::string_view, std::ptrdiff_t> left;  // of the quote's words, not met in the window
  for (const std::string& word : quote) ++left[word];
  WindowOf best;
  std::size_t shared = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto in = left.find(text[i]); in != left.end() && in->second-- > 0) ++shared;
    if (i >= quote.size())
      if (const auto out = left.find(text[i - quote.size()]); out != left.end() && ++out->second > 0)
        --shared;
    if (shared > best.shared) best = {shared, i + 1 - std::min(i + 1, quote.size()), i};
  }
  return best;
}

}  // namespace

std::size_t NearestTexts::add(const std::string& quote, std::optional<std::uint64_t> context) {
  const std::string folded = to_lower(FoldedText(quote).text());
  Quote added;
  added.context = context;
  std::set<std::string_view> once;
  for (const std::string_view word : quote_words(folded)) {
    added.words.emplace_back(word);
    if (once.insert(word).second) with_word_[std::string(word)].push_back(quotes_.size());
  }
  quotes_.push_back(std::move(added));
  return quotes_.size() - 1;
}

void NearestTexts::search(const Source& source) {
  std::map<std::uint64_t, std::set<std::uint32_t>> asked;  // segments of the contexts that rows name
  for (const Quote& quote : quotes_)
    if (quote.context && *quote.context < source.contexts) {
      const std::vector<std::uint32_t>& segments = source.data.context(*quote.context).segments;
      asked[*quote.context].insert(segments.begin(), segments.end());
    }
  for_each_segment(source, [&](const Context& context, std::uint32_t segment, const std::string& text) {
    const std::string folded = to_lower(FoldedText(text).text());
    std::map<std::size_t, std::size_t> shared;  // different words, by quote
    const std::vector<std::string_view> words = quote_words(folded);
    for (const std::string_view word : std::set<std::string_view>(words.begin(), words.end()))
      if (const auto found = with_word_.find(std::string(word)); found != with_word_.end())
        for (const std::size_t number : found->second) ++shared[number];
    for (const auto& [number, count] : shared) {
      const Quote& quote = quotes_[number];
      if (quote.context && !asked[*quote.context].contains(segment)) continue;
      if (2 * count > std::max<std::size_t>(quote.shared, least_shared(quote.words.size()) / 2))
        compare(number, context, text);
    }
  });
}

void NearestTexts::compare(std::size_t number, const Context& context, const std::string& text) {
  Quote& quote = quotes_[number];
  const FoldedText folded(text);
  const std::vector<std::string_view> words = quote_words(folded.text());
  std::vector<std::string> lowered;
  for (const std::string_view word : words) lowered.push_back(to_lower(word));
  const WindowOf best = best_window({lowered.begin(), lowered.end()}, quote.words);
  if (best.shared <= quote.shared || best.shared < least_shared(quote.words.size())) return;
  const auto offset = [&](const char* at) { return static_cast<std::size_t>(at - folded.text().data()); };
  const FoldedText::Place place = folded.original(offset(words[best.first].data()),
                                                  offset(words[best.last].data()) + words[best.last].size());
  quote.shared = best.shared;
  quote.found_in = quote.context.value_or(context.id);
  quote.text = on_one_line(std::string_view(text).substr(place.begin, place.end - place.begin));
}

std::string NearestTexts::describe(std::size_t number) const {
  const Quote& quote = quotes_[number];
  if (quote.shared == 0) return "no text is like it";
  return "the nearest is in context " + std::to_string(quote.found_in) + " (" +
         std::to_string(100 * quote.shared / quote.words.size()) + " % of its words): \"" + quote.text + "\"";
}

}  // namespace film::questions
