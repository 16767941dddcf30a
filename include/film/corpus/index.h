#pragma once
// What drawing contexts needs to know of a segment store, in memory.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "film/records/records.h"

namespace film::corpus {

// 9 bytes a document and 12 (14 with needles) a segment.
struct CorpusIndex {
  std::vector<std::uint64_t> first_segment = {0};  // of each document, and one past the last segment
  std::vector<Split> split;                        // of each document
  std::vector<std::uint32_t> tokens;               // of each segment
  std::vector<std::uint32_t> document;             // of each segment
  std::vector<std::uint32_t> hash;  // of each segment's text, needles left out: equal texts, equal hashes
  std::vector<std::uint16_t> attribute;  // of each segment's needle: 0 = no needle, else 1 + number of the
                                         // attribute; empty when needles are off

  // Of each document: whether it goes on where the one before ends, as parts of one text do; empty when none was cut.
  std::vector<bool> continues;

  std::size_t documents() const { return split.size(); }
  std::size_t segments() const { return tokens.size(); }
  // Whether two segments are neighbours in one text.
  bool neighbours(std::uint32_t one, std::uint32_t other) const {
    const std::uint32_t first = std::min(one, other), second = std::max(one, other);
    if (second - first != 1) return false;
    return document[first] == document[second] || (!continues.empty() && continues[document[second]]);
  }
  std::uint16_t attribute_of(std::uint64_t segment) const {
    return attribute.empty() ? 0 : attribute[segment];
  }
};

}  // namespace film::corpus
