#include "columns.h"

#include "python_literal.h"

namespace film::tasks {

using sources::CellType;

namespace {

// The values at the end of a path, in order; a list on the way stands for each of its elements.
void collect(const Json& value, std::string_view path, std::vector<const Json*>& found) {
  if (value.is_array()) {
    for (const Json& element : value) collect(element, path, found);
    return;
  }
  if (path.empty()) return found.push_back(&value);
  const std::size_t dot = path.find('.');
  const auto member = value.is_object() ? value.find(std::string(path.substr(0, dot))) : value.end();
  if (member != value.end())
    collect(*member, dot == std::string_view::npos ? "" : path.substr(dot + 1), found);
}

// Numbers and booleans as they are written; nothing for what is not one value.
std::string scalar(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_primitive() && !value.is_null() ? to_line(value) : "";
}

}  // namespace

RowColumns::RowColumns(const TaskSpec& spec, bool prompts) {
  const TaskColumns& names = spec.columns;
  const bool race = spec.layout == Layout::race;
  const auto type = [race](CellType plain) { return race ? CellType::any : plain; };
  id_ = add(names.id, CellType::scalar, prompts);
  context_ = add(names.context, CellType::string, prompts);
  question_ = add(names.question, type(CellType::string), prompts);
  answers_.push_back(add(names.answers, type(CellType::list), !race));
  for (const std::string& name : names.more_answers) answers_.push_back(add(name, CellType::list));
  group_ = add(names.group, CellType::scalar);
  answer_start_ = add(names.answer_start, CellType::string, prompts);
  slot_ = add(names.slot, CellType::scalar);
  slots_ = add(names.slots, CellType::scalar);
  labels_ = add(names.labels, CellType::list);
  const auto choice = type(names.choices.size() == 1 ? CellType::list : CellType::scalar);
  for (const std::string& name : names.choices) choices_.push_back(add(name, choice, !race));
  for (const std::string& name : names.others) others_.push_back(add(name, CellType::scalar, prompts));
}

// A column is asked for once; one that serves as several things is read whole.
RowColumns::Place RowColumns::add(std::string name, CellType type, bool required) {
  if (name.empty()) return {};
  if (need_not_be_there(name)) {
    name.pop_back();
    required = false;
  }
  const std::size_t dot = name.find('.');
  ColumnPlace place{asked_.columns.size(), dot == std::string::npos ? "" : name.substr(dot + 1)};
  const std::string head = name.substr(0, dot);
  if (!place.path.empty()) type = CellType::any;
  for (std::size_t i = 0; i < asked_.columns.size(); ++i) {
    sources::Column& known = asked_.columns[i];
    if (known.name != head) continue;
    if (known.type != type) known.type = CellType::any;
    known.required = known.required || required;
    place.cell = i;
    return place;
  }
  asked_.columns.push_back({head, type, required});
  return place;
}

Json RowColumns::value(const sources::Row& row, const Place& place) const {
  if (!place) return {};
  const sources::Cell& cell = row.cells[place->cell];
  if (!cell.present) return {};
  if (!cell.is_string) return try_parse_json(cell.text).value_or(Json());
  return python_literal(cell.text).value_or(Json(cell.text));
}

Json RowColumns::problem_options(const sources::Row& row) const {
  return choices_.empty() ? Json() : value(row, choices_.front());
}

std::vector<std::string> RowColumns::list(const sources::Row& row, const Place& place) const {
  if (!place || !row.cells[place->cell].present) return {};
  const sources::Cell& cell = row.cells[place->cell];
  if (asked_.columns[place->cell].type != CellType::any)
    return cell.list.empty() && !cell.text.empty() ? std::vector{cell.text} : cell.list;
  if (cell.is_string) return {cell.text};
  const Json whole = try_parse_json(cell.text).value_or(Json());  // of careless JSON there may be nothing
  std::vector<const Json*> found;
  collect(whole, place->path, found);
  std::vector<std::string> texts;
  for (const Json* each : found) texts.push_back(scalar(*each));
  return texts;
}

std::string RowColumns::text(const sources::Row& row, const Place& place) const {
  const std::vector<std::string> values = list(row, place);
  return values.size() == 1 ? values.front() : "";
}

std::vector<std::string> RowColumns::lists(const sources::Row& row, const std::vector<Place>& places) const {
  std::vector<std::string> all;
  for (const Place& place : places) {
    // Of several columns each is one value, an empty one too.
    std::vector<std::string> values = list(row, place);
    if (values.empty() && places.size() > 1) values.emplace_back();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

std::vector<std::string> RowColumns::others(const sources::Row& row) const {
  std::vector<std::string> all;
  for (const Place& place : others_) all.push_back(text(row, place));
  return all;
}

}  // namespace film::tasks
