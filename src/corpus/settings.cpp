#include "film/corpus/settings.h"

#include <cmath>
#include <map>

#include "film/base/error.h"

namespace film::corpus {
namespace {

void require_placeholder(const std::string& key, const std::string& text, const std::string& placeholder) {
  if (text.find(placeholder) == std::string::npos)
    throw config_error(key + " must contain " + placeholder + ", got \"" + text + "\"");
}

void require_one_line(const std::string& key, const std::string& text) {
  if (text.empty() || text.find('\n') != std::string::npos)
    throw config_error(key + " must be one line of text, got " + to_line(Json(text)));
}

}  // namespace

void to_json(Json& json, const PathList& list) { json = list.paths; }

void from_json(const Json& json, PathList& list) {
  list.paths = json.is_string() ? std::vector{json.get<std::string>()} : json.get<std::vector<std::string>>();
}

void SegmentSettings::describe(Fields& f) {
  f.add("tokens", tokens, "lines are joined until a segment holds at least this many tokens")
      .range(1, 65536)
      .in("tokens");
}

void RecordAttribute::describe(Fields& f) {
  f.add("name", name, "what stands for {attribute}");
  f.add("values", values, "what may stand for {value}");
}

void RecordSettings::describe(Fields& f) {
  f.add("share", share, "share of the segments that get a planted record; 0 = none").range(0, 1);
  f.add("sentence", sentence, "the planted sentence, with {attribute} and {value}");
  f.add("question", question, "the question `film qa` asks about it, with {attribute}");
  f.list("attributes", attributes, "list of {\"name\", \"values\"}; no value may belong to two attributes");
}

void RecordSettings::check() const {
  if (!on()) return;
  require_one_line("records.sentence", sentence);
  require_one_line("records.question", question);
  require_placeholder("records.sentence", sentence, "{attribute}");
  require_placeholder("records.sentence", sentence, "{value}");
  require_placeholder("records.question", question, "{attribute}");
  if (attributes.empty())
    throw config_error("records.share is above 0, but records.attributes is empty",
                       "list at least one {\"name\", \"values\"}, or set records.share=0");
  if (attributes.size() > 65534) throw config_error("records.attributes holds more than 65534 attributes");
  std::map<std::string, std::string> owner;  // of each value
  std::map<std::string, int> names;
  for (const RecordAttribute& attribute : attributes) {
    require_one_line("records.attributes: a name", attribute.name);
    if (names[attribute.name]++ > 0)
      throw config_error("records.attributes: \"" + attribute.name + "\" stands twice");
    if (attribute.values.empty())
      throw config_error("records.attributes: \"" + attribute.name + "\" has no values");
    for (const std::string& value : attribute.values) {
      require_one_line("records.attributes: a value of \"" + attribute.name + "\"", value);
      const auto [place, fresh] = owner.emplace(value, attribute.name);
      if (!fresh)
        throw config_error("records.attributes: \"" + value + "\" is a value of \"" + place->second +
                               "\" and of \"" + attribute.name + "\"",
                           "values must differ, so that an answer stands in one segment only");
    }
  }
}

void SplitSettings::describe(Fields& f) {
  f.add("train", train, "share of the documents for training").range(0, 1);
  f.add("validation", validation, "share of the documents for validation").range(0, 1);
  f.add("test", test, "share of the documents for tests").range(0, 1);
}

void SplitSettings::check() const {
  if (std::abs(train + validation + test - 1) > 1e-9)
    throw config_error("split.train, split.validation and split.test must add up to 1, got " +
                       to_line(Json(train + validation + test)));
}

void CorpusSettings::describe(Fields& f) {
  f.add("inputs", inputs,
        "files (JSONL, plain or .gz or .zst; text) and folders of such files, searched through")
      .runtime();
  f.add("text_field", text_field, "JSONL: the field that holds the text");
  f.add("title_fields", title_fields, "JSONL: the first of these fields that is there becomes the title");
  f.add("extensions", extensions, "names of text files (one document each) end with one of these");
  f.group("segment", segment);
  f.group("records", records);
  f.group("split", split);
  f.add("part_tokens", part_tokens, "a new part of the segment store begins after so many tokens")
      .range(1, 1e12)
      .in("tokens");
}

void CorpusSettings::check() const {
  if (inputs.paths.empty())
    throw config_error("inputs is empty", "name the corpus: --set inputs=FOLDER_OR_FILE");
  records.check();
  split.check();
}

}  // namespace film::corpus
