#pragma once
// Needles: key-value records such as "The key of river is amber.", put into segments so that the answer to a
// question is known.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "film/corpus/settings.h"
#include "film/records/records.h"

namespace film::corpus {

struct Planting {
  Needle needle;
  std::uint16_t attribute = 0;  // number in the settings
  std::string text;             // the segment's text with the sentence
};

class Planter {
 public:
  Planter(const NeedleSettings& settings, std::uint64_t seed);  // keeps a reference
  // What becomes of a segment, or nothing for those that get no needle. It depends on the seed, the document's key and
  // the segment's number in it alone. The sentence goes to the start of a line, between two sentences of a line, or to
  // the end, every such position equally likely; nothing else in the text changes.
  std::optional<Planting> plant(std::string_view text, std::uint64_t document_key,
                                std::uint64_t segment) const;

 private:
  const NeedleSettings& settings_;
  std::uint64_t seed_;
};

}  // namespace film::corpus
