#pragma once
// The columns that a task file names, as they are asked for and as they are read.
#include <optional>
#include <string>
#include <vector>

#include "film/base/json.h"
#include "film/sources/rows.h"
#include "spec.h"

namespace film::tasks {

// One column: its cell, and the way from it to the value ("question.choices.text": of the cell question, choices.text).
struct ColumnPlace {
  std::size_t cell = 0;
  std::string path;
};

inline bool need_not_be_there(const std::string& column) { return column.ends_with('?'); }

class RowColumns {
 public:
  // Without `prompts` the columns of id, context and question need not be there.
  RowColumns(const TaskSpec& spec, bool prompts);

  const sources::Columns& asked() const { return asked_; }
  // Empty where there is no such column, or nothing in it.
  std::string id(const sources::Row& row) const { return text(row, id_); }
  std::string context(const sources::Row& row) const { return text(row, context_); }
  std::string question(const sources::Row& row) const { return text(row, question_); }
  std::string group(const sources::Row& row) const { return text(row, group_); }
  std::string answer_start(const sources::Row& row) const { return text(row, answer_start_); }
  std::string slot(const sources::Row& row) const { return text(row, slot_); }
  std::string slots(const sources::Row& row) const { return text(row, slots_); }
  std::vector<std::string> answers(const sources::Row& row) const { return lists(row, answers_); }
  std::vector<std::string> choices(const sources::Row& row) const { return lists(row, choices_); }
  std::vector<std::string> labels(const sources::Row& row) const { return list(row, labels_); }
  std::vector<std::string> others(const sources::Row& row) const;
  // Of Layout::race, whatever they hold.
  Json problems(const sources::Row& row) const { return value(row, question_); }
  Json problem_answers(const sources::Row& row) const { return value(row, answers_.front()); }
  Json problem_options(const sources::Row& row) const;

 private:
  using Place = std::optional<ColumnPlace>;
  Place add(std::string name, sources::CellType type, bool required = true);
  std::string text(const sources::Row& row, const Place& place) const;
  std::vector<std::string> list(const sources::Row& row, const Place& place) const;
  std::vector<std::string> lists(const sources::Row& row, const std::vector<Place>& places) const;
  Json value(const sources::Row& row, const Place& place) const;

  sources::Columns asked_;
  Place id_, context_, question_, group_, answer_start_, slot_, slots_, labels_;
  std::vector<Place> answers_, choices_, others_;
};

}  // namespace film::tasks
