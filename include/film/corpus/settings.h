#pragma once
// Settings of the first half of `film synth`: corpus -> segments. Keys stand at the root of the synth
// settings.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/settings.h"

namespace film::corpus {

// A list of paths; in JSON a list of strings, or one string for a list of one.
struct PathList {
  std::vector<std::string> paths;
};
void to_json(Json& json, const PathList& list);
void from_json(const Json& json, PathList& list);

struct SegmentSettings {
  std::uint32_t tokens = 128;  // paper section 2.1: the minimum information unit
  void describe(Fields& f);
};

// An attribute of planted records and the values it may take.
struct RecordAttribute {
  std::string name;
  std::vector<std::string> values;
  void describe(Fields& f);
};

// Planted records: sentences put into segments so that the answer to a question is known. Off while share is
// 0.
struct RecordSettings {
  double share = 0;
  std::string sentence = "The key of {attribute} is {value}.";
  std::string question = "What is the key of {attribute}?";
  std::vector<RecordAttribute> attributes;

  bool on() const { return share > 0; }
  void describe(Fields& f);
  void check() const;  // throws config_error
};

// Shares of the documents; which document goes where depends on the seed and the document's text alone.
struct SplitSettings {
  double train = 0.9, validation = 0.05, test = 0.05;
  void describe(Fields& f);
  void check() const;  // throws config_error unless the shares add up to 1
};

struct CorpusSettings {
  PathList inputs;
  std::string text_field = "text";
  std::vector<std::string> title_fields = {"title", "url"};
  std::vector<std::string> extensions = {".txt", ".md", ".rst"};
  SegmentSettings segment;
  RecordSettings records;
  SplitSettings split;
  std::uint64_t part_tokens = std::uint64_t{1} << 28;

  void describe(Fields& f);
  void check() const;  // throws config_error
};

}  // namespace film::corpus
