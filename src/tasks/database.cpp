// What is the label and description of this id? Rows of a table, one context line each. The answer follows
// what is quoted (forward).
#include <set>

#include "film/base/strings.h"
#include "film/base/words.h"
#include "odd_rows.h"
#include "pieces.h"
#include "probes.h"

namespace film::tasks {
namespace {

// VaL's cleaning: brackets would close the prompt's [INST], line breaks would split the row.
std::string clean(std::string text) {
  std::erase_if(text, [](char c) { return c == '[' || c == ']'; });
  return on_one_line(text);
}

bool fits(const std::string& text, const DatabaseSettings& s) {
  const std::size_t words = count_words(text);
  return words >= s.min_words && words <= s.max_words;
}

// The quote carries its frame, so that Q12 is not found again inside Q123.
Piece piece_of(const std::string& id, const std::string& label, const std::string& description) {
  return {"<id: " + id + ", label: " + label + ", description: " + description + ">",
          "<id: " + id + ",",
          "In above context, what is the label and description for the query where the id is " + id + "?",
          {label, description}};
}

}  // namespace

Task build_database(const BuildInput& input) {
  using sources::CellType;
  using sources::FileKind;
  const DatabaseSettings& settings = input.settings.database;
  const auto files =
      source_files(settings.source, {{}, {FileKind::csv, FileKind::tsv, FileKind::jsonl}}, "database.source");
  const sources::Columns columns{{{settings.id_key, CellType::scalar},
                                  {settings.label_key, CellType::scalar},
                                  {settings.description_key, CellType::scalar}}};
  std::vector<Piece> pool;
  std::set<std::string> seen;
  std::uint64_t length = 0, repeated = 0;
  OddRows odd("database.source");
  sources::for_each_row(files, columns, [&](sources::Row&& row) {
    if (row.fault) return odd.count(row, files);
    const std::string id = clean(row.cells[0].text), label = clean(row.cells[1].text),
                      description = clean(row.cells[2].text);
    if (id.empty() || !fits(label, settings) || !fits(description, settings))
      ++length;
    else if (!seen.insert(id).second)
      ++repeated;
    else
      pool.push_back(piece_of(id, label, description));
  });
  if (pool.empty()) throw odd.nothing_usable("no row of fitting length in " + settings.source);
  Task task = deal(pool, settings, input.tokens, input.settings.seed, "database");
  task.notes["rows"] = pool.size();
  task.notes["left_out"]["length"] = length;
  task.notes["left_out"]["id used before"] = repeated;
  odd.note(task.notes);
  return task;
}

}  // namespace film::tasks
