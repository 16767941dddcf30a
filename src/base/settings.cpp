#include "film/base/settings.h"

#include <algorithm>
#include <cmath>

#include "film/base/error.h"

namespace film {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// A limit as it was written: 1, not 1.0.
std::string limit_text(double limit) {
  const bool whole = std::abs(limit) < 1e15 && limit == std::floor(limit);
  return whole ? std::to_string(static_cast<std::int64_t>(limit)) : to_line(Json(limit));
}

std::string expected(const Field& field) {
  if (!field.choices.empty()) return "one of " + join(field.choices);
  std::string text = field.type;
  if (field.low) text += " from " + limit_text(*field.low) + " to " + limit_text(*field.high);
  return field.unit.empty() ? text : text + " (" + field.unit + ")";
}

bool in_range(const Field& field, const Json& value) {
  if (field.low && value.is_number()) {
    const double number = value.get<double>();
    if (!(number >= *field.low && number <= *field.high)) return false;
  }
  if (field.choices.empty() || !value.is_string()) return true;
  return std::ranges::find(field.choices, value.get<std::string>()) != field.choices.end();
}

}  // namespace

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

Field& Fields::push(Field field) {
  sources_[field.key] = "default";
  fields_.push_back(std::move(field));
  return fields_.back();
}

const Field* Fields::find(const std::string& key) const {
  const auto found = std::ranges::find(fields_, key, &Field::key);
  return found == fields_.end() ? nullptr : &*found;
}

std::string Fields::nearest(const std::string& key) const {
  std::string best;
  std::size_t best_distance = std::string::npos;
  const auto consider = [&](const std::string& candidate, const std::string& known) {
    const std::size_t distance = edit_distance(key, candidate);
    if (distance < best_distance) best = known, best_distance = distance;
  };
  for (const Field& field : fields_) {
    consider(field.key, field.key);
    consider(field.key.substr(field.key.rfind('.') + 1),
             field.key);  // the last name alone, its group forgotten
  }
  return best;
}

void Fields::set(Field& field, const Json& value, const std::string& source) {
  const Json before = field.get();
  try {
    field.set(value);
  } catch (const nlohmann::json::exception&) {
    throw config_error(source + ": " + field.key + " must be " + expected(field) + ", got " + to_line(value));
  } catch (const Error& error) {
    if (field.type == "list of objects" && value.is_array())  // an element's own error, named by its place
      throw config_error(source + ": " + error.what(), error.hint());
    throw config_error(source + ": " + field.key + " must be " + expected(field) + ", " + error.what());
  }
  if (!in_range(field, value)) {
    field.set(before);
    throw config_error(source + ": " + field.key + " must be " + expected(field) + ", got " + to_line(value));
  }
  sources_[field.key] = source;
}

void Fields::apply(const Json& object, const std::string& source) {
  if (!object.is_object())
    throw config_error(source + ": settings must be an object, got " + to_line(object));
  const std::function<void(const Json&, const std::string&)> walk = [&](const Json& node,
                                                                        const std::string& path) {
    for (const auto& [name, value] : node.items()) {
      const std::string key = path.empty() ? name : path + "." + name;
      if (const Field* field = find(key)) {
        set(const_cast<Field&>(*field), value, source);
        continue;
      }
      const bool is_group =
          std::ranges::any_of(fields_, [&](const Field& f) { return f.key.starts_with(key + "."); });
      if (is_group && value.is_object()) {
        walk(value, key);
        continue;
      }
      const std::string close = nearest(key);
      throw config_error(source + ": there is no setting \"" + key + "\"",
                         close.empty() ? "" : "did you mean \"" + close + "\"?");
    }
  };
  walk(object, "");
}

namespace {

// The list that "stages.0.share" speaks of, or nullptr.
const Field* list_above(const Fields& fields, const std::string& key) {
  for (const Field& field : fields.all())
    if (field.type == "list of objects" && key.starts_with(field.key + ".")) return &field;
  return nullptr;
}

// The whole list with that one setting of one element changed. A name that an element does not have is met
// when the list is read.
Json with_element(const Field& list, const std::string& key, const Json& value) {
  const std::string rest = key.substr(list.key.size() + 1), number = rest.substr(0, rest.find('.'));
  Json elements = list.get();
  const bool is_number = !number.empty() && number.size() < 7 &&
                         number.find_first_not_of("0123456789") == std::string::npos && number != rest;
  if (!is_number || std::stoul(number) >= elements.size())
    throw config_error("--set " + key + ": " + list.key + " is a list of " + std::to_string(elements.size()),
                       "name an element by its number from 0, then its setting: " + list.key + ".0.name");
  std::string pointer = rest;
  std::ranges::replace(pointer, '.', '/');
  elements[Json::json_pointer("/" + pointer)] = value;
  return elements;
}

}  // namespace

void Fields::apply_override(const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    throw config_error("--set " + assignment + ": expected key=value");
  const std::string key = assignment.substr(0, equals), text = assignment.substr(equals + 1);
  Json value;
  const Field* field = find(key);
  if (field != nullptr && field->type == "string" && !text.starts_with('"')) {
    value = text;
  } else {
    try {
      value = parse_json(text, "--set " + key);
    } catch (const Error&) {
      value = text;  // a bare word: the type check says what was expected
    }
  }
  const Field* list = list_above(*this, key);
  apply(list != nullptr ? Json{{list->key, with_element(*list, key, value)}} : Json{{key, value}}, "--set");
}

Json Fields::dump() const {
  Json root = Json::object();
  for (const Field& field : fields_) {
    Json* node = &root;
    std::size_t begin = 0;
    for (std::size_t dot; (dot = field.key.find('.', begin)) != std::string::npos; begin = dot + 1)
      node = &(*node)[field.key.substr(begin, dot - begin)];
    (*node)[field.key.substr(begin)] = field.get();
  }
  return root;
}

Json Fields::result_settings() const {
  Json flat = Json::object();
  for (const Field& field : fields_)
    if (field.changes_result) flat[field.key] = field.get();
  return flat;
}

}  // namespace film
