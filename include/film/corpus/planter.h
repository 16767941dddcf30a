#pragma once
// Planted records: a sentence such as "The key of river is amber." put into a segment, its answer thereby
// known.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "film/corpus/settings.h"
#include "film/records/records.h"

namespace film::corpus {

struct Planting {
  PlantedRecord record;
  std::uint16_t attribute = 0;  // number in the settings
  std::string text;             // the segment's text with the sentence
};

class Planter {
 public:
  // Keeps a reference to `settings`.
  Planter(const RecordSettings& settings, std::uint64_t seed);
  // What becomes of a segment, or nothing for those that get no record. It depends on the seed, the
  // document's key and the segment's number in it alone. The sentence goes to the start of a line or behind a
  // sentence within a line (or to the end), every such place equally likely; nothing else in the text
  // changes.
  std::optional<Planting> plant(std::string_view text, std::uint64_t document_key,
                                std::uint64_t segment) const;

 private:
  const RecordSettings& settings_;
  std::uint64_t seed_;
};

}  // namespace film::corpus
