// What is the label and description of this id? Rows of a CSV or JSONL file, one context line each. The
// answer follows what is quoted (forward).
#include <map>
#include <set>

#include "builders.h"
#include "csv.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "pieces.h"

namespace film::scores {
namespace {

struct Row {
  std::string id, label, description;
};

// VaL's cleaning: brackets would close the prompt's [INST], line breaks would split the row.
std::string clean(const std::string& text) {
  std::string kept, result;
  for (const char c : text)
    if (c != '[' && c != ']') kept += c;
  for (const std::string& word : split_words(kept)) result += (result.empty() ? "" : " ") + word;
  return result;
}

std::string field(const Json& record, const std::string& key, const std::string& where) {
  const auto found = record.is_object() ? record.find(key) : record.end();
  if (found != record.end() && found->is_number()) return to_line(*found);
  return member<std::string>(record, key.c_str(), where);
}

void read_jsonl(const fs::path& path, const DatabaseSettings& s, std::vector<Row>& rows) {
  for_each_record(path, [&](const Json& record, const std::string& where) {
    rows.push_back({field(record, s.id_key, where), field(record, s.label_key, where),
                    field(record, s.description_key, where)});
  });
}

void read_csv(const fs::path& path, const DatabaseSettings& s, std::vector<Row>& rows) {
  CsvReader reader(path);
  const std::size_t id = reader.column(s.id_key), label = reader.column(s.label_key),
                    description = reader.column(s.description_key);
  std::vector<std::string> values;
  while (reader.next(values)) rows.push_back({values[id], values[label], values[description]});
}

bool fits(const std::string& text, const DatabaseSettings& s) {
  const std::size_t words = split_words(text).size();
  return words >= s.min_words && words <= s.max_words;
}

}  // namespace

Probe build_database(const TaskInput& input) {
  const DatabaseSettings& settings = input.settings.database;
  std::vector<Row> rows;
  for (const fs::path& path : source_files(settings.source, {".csv", ".jsonl"}, "database.source"))
    path.string().find(".csv") != std::string::npos ? read_csv(path, settings, rows)
                                                    : read_jsonl(path, settings, rows);
  std::vector<Piece> pool;
  std::set<std::string> seen;
  std::uint64_t length = 0, repeated = 0;
  for (const Row& row : rows) {
    const std::string id = clean(row.id), label = clean(row.label), description = clean(row.description);
    if (id.empty() || !fits(label, settings) || !fits(description, settings)) {
      ++length;
    } else if (!seen.insert(id).second) {
      ++repeated;
    } else {
      // The quote carries its frame, so that Q12 is not found again inside Q123.
      pool.push_back(
          {"<id: " + id + ", label: " + label + ", description: " + description + ">",
           "<id: " + id + ",",
           "In above context, what is the label and description for the query where the id is " + id + "?",
           {label, description}});
    }
  }
  Probe probe = deal(pool, settings, input.tokens, input.settings.seed, "database");
  probe.notes["rows"] = pool.size();
  probe.notes["left_out"]["length"] = length;
  probe.notes["left_out"]["id used before"] = repeated;
  return probe;
}

}  // namespace film::scores
