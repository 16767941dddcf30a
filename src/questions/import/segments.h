#pragma once
// Every segment of the contexts asked about, once, with its text.
#include <unordered_set>

#include "../source.h"
#include "film/base/signals.h"

namespace film::questions {

// Calls use(context, segment, text) with the first context that holds the segment. Throws stopped.
template <class Use>
void for_each_segment(const Source& source, Use use) {
  std::unordered_set<std::uint32_t> seen;
  for (std::uint64_t id = 0; id < source.contexts; ++id) {
    throw_if_stopped("nothing is written yet");
    const Context& context = source.data.context(id);
    std::vector<std::uint32_t> fresh;  // positions of segments not read yet
    for (std::uint32_t p = 0; p < context.segments.size(); ++p)
      if (seen.insert(context.segments[p]).second) fresh.push_back(p);
    const std::vector<std::string> texts = source.texts(context, fresh);
    for (std::size_t i = 0; i < fresh.size(); ++i) use(context, context.segments[fresh[i]], texts[i]);
  }
}

}  // namespace film::questions
