#include "film/corpus/settings.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "film/base/error.h"
#include "film/base/format.h"

namespace film::corpus {
namespace {

void require_one_line(const std::string& key, const std::string& text) {
  if (text.empty() || text.find('\n') != std::string::npos)
    throw config_error(key + " must be one line of text, got " + to_line(Json(text)));
}

// Names must differ. So must all values where a needle has one, so that an answer is in one segment only.
void require_distinct(const std::vector<NeedleAttribute>& attributes, bool values_differ) {
  std::map<std::string, std::string> owner;  // of each value
  std::set<std::string> names;
  for (const NeedleAttribute& attribute : attributes) {
    require_one_line("records.attributes: a name", attribute.name);
    if (!names.insert(attribute.name).second)
      throw config_error("records.attributes: \"" + attribute.name + "\" is listed twice");
    if (attribute.values.empty())
      throw config_error("records.attributes: \"" + attribute.name + "\" has no values");
    for (const std::string& value : attribute.values) {
      require_one_line("records.attributes: a value of \"" + attribute.name + "\"", value);
      const auto [known, fresh] = owner.emplace(value, attribute.name);
      if (values_differ && !fresh)
        throw config_error("records.attributes: \"" + value + "\" is a value of \"" + known->second +
                               "\" and of \"" + attribute.name + "\"",
                           "values must differ, so that an answer is in one segment only");
    }
  }
}

}  // namespace

void SegmentSettings::describe(Fields& f) {
  f.add("tokens", tokens, "lines are joined until a segment holds at least this many tokens")
      .range(1, 65536)
      .in("tokens");
  f.add("max_tokens", max_tokens,
        "no segment holds more: lines that are too long are cut at ends of sentences; at least twice "
        "segment.tokens; "
        "0 = any number, as in the paper")
      .range(0, 1e6)
      .in("tokens");
}

text::SegmentLimits SegmentSettings::limits() const {
  return {tokens, max_tokens == 0 ? 0 : std::max(max_tokens, 2 * tokens)};
}

void NeedleAttribute::describe(Fields& f) {
  f.add("name", name, "put in for {attribute}");
  f.add("values", values, "one of these is put in for {value}");
}

void NeedleSettings::describe(Fields& f) {
  f.add("fraction", fraction,
        "fraction of the segments that get a needle, a sentence with a known answer; 0 = none")
      .range(0, 1);
  f.add("sentence", sentence, "the needle, with {attribute} and {value}");
  f.add("question", question, "the question `film qa` asks about it, with {attribute}");
  f.list("attributes", attributes,
         "list of {\"name\", \"values\"}; no value may belong to two attributes where a needle has one");
  f.add("values_per_needle", values_per_needle,
        "different values of the attribute that stand for {value}, a blank between; above 1 hardly any "
        "needle says "
        "what another says")
      .range(1, 1000);
}

void NeedleSettings::check() const {
  if (!on()) return;
  require_one_line("records.sentence", sentence);
  require_one_line("records.question", question);
  require_placeholder("records.sentence", sentence, "{attribute}");
  require_placeholder("records.sentence", sentence, "{value}");
  require_placeholder("records.question", question, "{attribute}");
  if (attributes.empty())
    throw config_error("records.fraction is above 0, but records.attributes is empty",
                       "list at least one {\"name\", \"values\"}, or set records.fraction=0");
  if (attributes.size() > 65534)
    throw config_error("records.attributes has " + std::to_string(attributes.size()) +
                       " attributes, expected at most 65534");
  require_distinct(attributes, values_per_needle == 1);
  for (const NeedleAttribute& attribute : attributes)
    if (attribute.values.size() < values_per_needle)
      throw config_error("records.values_per_needle is " + std::to_string(values_per_needle) + ", but \"" +
                             attribute.name + "\" has " + counted(attribute.values.size(), "value"),
                         "list more values, or set it lower");
}

void SplitSettings::describe(Fields& f) {
  f.add("train", train, "fraction of the documents for training").range(0, 1);
  f.add("validation", validation, "fraction of the documents for validation").range(0, 1);
  f.add("test", test, "fraction of the documents for tests").range(0, 1);
}

void CutSettings::describe(Fields& f) {
  f.add("when", when,
        "which documents are cut into parts, at headings where they can be told: one that is the whole "
        "corpus, all "
        "that are longer than cut.tokens, none");
  f.add("tokens", tokens, "a part is about so long where headings do not end it before")
      .range(16, 1e9)
      .in("tokens");
}

void SplitSettings::check() const {
  if (std::abs(train + validation + test - 1) > 1e-9)
    throw config_error("split.train, split.validation and split.test must add up to 1, got " +
                       to_line(Json(train + validation + test)));
}

void CorpusSettings::describe(Fields& f) {
  f.add(
       "inputs", inputs,
       "files of text, Markdown, JSONL, CSV, TSV (also .gz, .zst, .xz, .bz2), HTML, EPUB, DOCX, ODT and PDF, "
       "folders of them, searched recursively, and - for standard input")
      .runtime()
      .path();
  f.add("text_field", text_field, "key or column that holds the text");
  f.add("title_fields", title_fields, "title: the first of these keys or columns that holds text");
  f.add("extensions", extensions, "files whose names end with one of these are text, one document each");
  f.group("segment", segment);
  f.group("records", needles);
  f.group("split", split);
  f.group("cut", cut);
  f.group("duplicates", duplicates);
  f.group("decontaminate", decontaminate);
  f.add("max_rejected", max_rejected,
        "the fraction of rows and files that may be no documents, blank ones aside; more ends the run")
      .range(0, 1)
      .runtime();
  f.add("part_tokens", part_tokens, "a new part of the segment store begins after so many tokens")
      .range(1, 1e12)
      .in("tokens");
}

void CorpusSettings::check() const {
  if (inputs.empty()) throw config_error("inputs is empty", "name the corpus: --set inputs=FOLDER_OR_FILE");
  needles.check();
  split.check();
}

}  // namespace film::corpus
