#include "quote_index.h"

#include "film/base/signals.h"
#include "film/base/strings.h"

namespace film::questions {

void QuoteIndex::search(const Source& source) {
  if (finder_.size() == 0) return;
  read_segments(source);
  note_contexts(source);
}

void QuoteIndex::read_segments(const Source& source) {
  Segments seen;
  for (std::uint64_t id = 0; id < source.contexts; ++id) {
    throw_if_stopped("nothing is written yet");
    const Context& context = source.data.context(id);
    std::vector<std::uint32_t> fresh;  // positions of segments not read yet
    for (std::uint32_t p = 0; p < context.segments.size(); ++p)
      if (seen.insert(context.segments[p]).second) fresh.push_back(p);
    const std::vector<std::string> texts = source.texts(context, fresh);
    for (std::size_t i = 0; i < fresh.size(); ++i)
      for (const std::size_t quote : finder_.find(normalize_whitespace(texts[i])))
        segments_of_[quote].insert(context.segments[fresh[i]]);
  }
}

void QuoteIndex::note_contexts(const Source& source) {
  Segments quoted;
  for (const auto& [quote, segments] : segments_of_) quoted.insert(segments.begin(), segments.end());
  for (std::uint64_t id = 0; id < source.contexts; ++id)
    for (const std::uint32_t segment : source.data.context(id).segments)
      if (quoted.contains(segment)) contexts_of_[segment].push_back(id);
}

const QuoteIndex::Segments& QuoteIndex::segments_with(const std::string& quote) {
  return segments_of_[finder_.add(quote)];
}

std::set<std::uint64_t> QuoteIndex::contexts_with(const std::string& quote) {
  std::set<std::uint64_t> ids;
  for (const std::uint32_t segment : segments_with(quote))
    ids.insert(contexts_of_[segment].begin(), contexts_of_[segment].end());
  return ids;
}

}  // namespace film::questions
