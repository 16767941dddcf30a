#include "quote_index.h"

#include "film/base/folded_text.h"
#include "film/base/strings.h"
#include "segments.h"

namespace film::questions {

std::string QuoteIndex::in_form(const std::string& text) const {
  return form_ == QuoteForm::plain ? normalize_whitespace(text) : FoldedText(text).text();
}

void QuoteIndex::search(const Source& source) {
  if (finder_.size() == 0) return;
  for_each_segment(source, [&](const Context&, std::uint32_t segment, const std::string& text) {
    for (const std::size_t quote : finder_.find(in_form(text))) segments_of_[quote].insert(segment);
  });
  note_contexts(source);
}

void QuoteIndex::note_contexts(const Source& source) {
  Segments quoted;
  for (const auto& [quote, segments] : segments_of_) quoted.insert(segments.begin(), segments.end());
  for (std::uint64_t id = 0; id < source.contexts; ++id)
    for (const std::uint32_t segment : source.data.context(id).segments)
      if (quoted.contains(segment)) contexts_of_[segment].push_back(id);
}

const QuoteIndex::Segments& QuoteIndex::segments_with(const std::string& quote) {
  return segments_of_[finder_.add(in_form(quote))];
}

std::set<std::uint64_t> QuoteIndex::contexts_with(const std::string& quote) {
  std::set<std::uint64_t> ids;
  for (const std::uint32_t segment : segments_with(quote))
    ids.insert(contexts_of_[segment].begin(), contexts_of_[segment].end());
  return ids;
}

}  // namespace film::questions
