#pragma once
// Settings of the first half of `film synth`: corpus -> segments. Their keys are at the root of the synth settings.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/settings.h"
#include "film/cleaning/settings.h"
#include "film/text/long_lines.h"

namespace film::corpus {

struct SegmentSettings {
  std::uint32_t tokens = 128;          // paper section 2.1: the minimum information unit
  std::uint32_t max_tokens = 1024;     // longer lines are cut; 0: none is, as in the paper
  text::SegmentLimits limits() const;  // max_tokens at least twice tokens
  void describe(Fields& f);
};

// An attribute of needles and the values it may take.
struct NeedleAttribute {
  std::string name;                 // put in for {attribute}
  std::vector<std::string> values;  // one of them is put in for {value}
  void describe(Fields& f);
};

// Group "records": needles, key-value records put into segments so that the answer to a question is known.
struct NeedleSettings {
  double fraction = 0;  // of the segments that get a needle; 0: none
  std::string sentence = "The key of {attribute} is {value}.";
  std::string question = "What is the key of {attribute}?";  // that `film qa` asks about it
  std::vector<NeedleAttribute> attributes;  // where a needle has one value, none may belong to two of them
  // So many different values of an attribute, a blank between, stand for {value}. Of two and more hardly any sequence
  // comes twice: it cannot be learned by heart, only copied.
  std::uint32_t values_per_needle = 1;

  bool on() const { return fraction > 0; }
  void describe(Fields& f);
  void check() const;  // throws config_error
};

// Fractions of the documents; which document goes where depends on the seed and the document's text alone.
struct SplitSettings {
  double train = 0.9, validation = 0.05, test = 0.05;
  void describe(Fields& f);
  void check() const;  // throws config_error unless they add up to 1
};

// Which documents are cut into parts: one that is the whole corpus, if contexts need others for their fillers; every
// one that is longer than cut.tokens; none.
enum class CutWhen : std::uint8_t { alone, longer, never };
constexpr auto enum_names(CutWhen) {
  return std::array{EnumName{CutWhen::alone, "alone"}, EnumName{CutWhen::longer, "longer"},
                    EnumName{CutWhen::never, "never"}};
}

// Group "cut": parts of a long document that are documents of their own.
struct CutSettings {
  CutWhen when = CutWhen::alone;
  std::uint32_t tokens = 2048;  // a part is about so long where headings do not end it before
  void describe(Fields& f);
};

struct CorpusSettings {
  std::vector<std::string> inputs;  // files, and folders that are searched
  std::string text_field = "text";  // JSONL key or CSV column of a document's text
  std::vector<std::string> title_fields = {"title",
                                           "url"};  // the first of these that is a string is the title
  std::vector<std::string> extensions = {".txt", ".md", ".rst"};  // files that end so are one document each
  SegmentSettings segment;
  NeedleSettings needles;
  SplitSettings split;
  CutSettings cut;
  cleaning::DuplicateSettings duplicates;
  cleaning::DecontaminationSettings decontaminate;
  double max_rejected = 0.5;  // fraction of the rows that may be no documents (blank ones do not count)
  std::uint64_t part_tokens = std::uint64_t{1} << 28;  // a new part of the store begins after so many tokens

  void describe(Fields& f);
  void check() const;  // throws config_error
};

}  // namespace film::corpus
