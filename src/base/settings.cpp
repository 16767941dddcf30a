#include "film/base/settings.h"

#include <algorithm>
#include <cmath>

#include "film/base/strings.h"
#include "film/base/suggest.h"

namespace film {
namespace {

// A limit as it was written: 1, not 1.0.
std::string limit_text(double limit) {
  const bool whole = std::abs(limit) < 1e15 && limit == std::floor(limit);
  return whole ? std::to_string(static_cast<std::int64_t>(limit)) : to_line(Json(limit));
}

std::string kind_text(FieldKind kind) {
  switch (kind) {
    case FieldKind::boolean:
      return "true or false";
    case FieldKind::integer:
      return "an integer";
    case FieldKind::number:
      return "a number";
    case FieldKind::text:
      return "a string";
    case FieldKind::names:
      return "a string or a list of strings";
    case FieldKind::objects:
      return "a list of objects";
    case FieldKind::word:
    case FieldKind::json:
      break;
  }
  return "a list or an object";
}

std::string expected(const Field& field) {
  if (!field.choices.empty()) return "one of " + join(field.choices, ", ");
  std::string text = kind_text(field.kind);
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

template <class List>
auto* find_in(List& fields, const std::string& key) {
  const auto found = std::ranges::find(fields, key, &Field::key);
  return found == fields.end() ? nullptr : &*found;
}

void refuse_tildes(const Json& value, const std::string& what) {
  if (value.is_array())
    for (const Json& element : value) refuse_tildes(element, what);
  if (value.is_string()) refuse_tilde(value.get_ref<const std::string&>(), what);
}

std::string suggestion(const Field& field, const Json& value) {
  return value.is_string() ? did_you_mean(nearest(value.get<std::string>(), field.choices)) : "";
}

}  // namespace

UnknownSetting::UnknownSetting(const std::string& source, std::string unknown, std::string hint)
    : Error(ExitCode::config, source + ": there is no setting \"" + unknown + "\"", std::move(hint)),
      key_(std::move(unknown)) {}

UnknownSetting::UnknownSetting(const UnknownSetting& inner, const std::string& source)
    : Error(ExitCode::config, source + ": " + inner.what(), inner.hint()), key_(inner.key_) {}

Field& Field::range(double lo, double hi) {
  low = lo;
  high = hi;
  return *this;
}

Field& Field::one_of(std::vector<std::string> values) {
  choices = std::move(values);
  return *this;
}

Field& Field::in(std::string unit_name) {
  unit = std::move(unit_name);
  return *this;
}

Field& Field::runtime() {
  changes_result = false;
  return *this;
}

Field& Field::path() {
  is_path = true;
  return *this;
}

Field& Fields::push(Field field) {
  sources_[field.key] = "default";
  fields_.push_back(std::move(field));
  return fields_.back();
}

const Field* Fields::find(const std::string& key) const { return find_in(fields_, key); }

Field* Fields::find_to_set(const std::string& key) { return find_in(fields_, key); }

std::string Fields::nearest(const std::string& key) const {
  std::string best;
  std::size_t best_distance = std::string::npos;
  const auto consider = [&](const std::string& candidate, const std::string& known) {
    const std::size_t distance = edit_distance(key, candidate);
    if (distance >= best_distance) return;
    best = known;
    best_distance = distance;
  };
  for (const Field& field : fields_) {
    consider(field.key, field.key);
    consider(field.key.substr(field.key.rfind('.') + 1),
             field.key);  // the last name alone, its group forgotten
  }
  return is_near(key, best_distance) ? best : "";
}

void Fields::set(Field& field, const Json& value, const std::string& source) {
  bool taken = false;
  refuse_tildes(value, source + ": " + field.key);
  try {
    taken = in_range(field, value) && field.set(value);
  } catch (const UnknownSetting& error) {
    throw UnknownSetting(error, source);
  } catch (const Error& error) {  // of an element of a list, named by its place
    throw config_error(source + ": " + error.what(), error.hint());
  }
  if (!taken)
    throw config_error(source + ": " + field.key + " must be " + expected(field) + ", got " + to_line(value),
                       suggestion(field, value));
  sources_[field.key] = source;
}

void Fields::apply(const Json& object, const std::string& source) {
  if (!object.is_object())
    throw config_error(source + ": settings must be an object, got " + to_line(object));
  apply_below(object, "", source);
}

void Fields::apply_below(const Json& node, const std::string& path, const std::string& source) {
  for (const auto& [name, value] : node.items()) {
    const std::string key = path.empty() ? name : path + "." + name;
    const bool is_group =
        std::ranges::any_of(fields_, [&](const Field& f) { return f.key.starts_with(key + "."); });
    if (Field* field = find_to_set(key)) {
      set(*field, value, source);
    } else if (is_group && value.is_object()) {
      apply_below(value, key, source);
    } else {
      throw UnknownSetting(source, key, did_you_mean(nearest(key)));
    }
  }
}

namespace {

template <class ValueOf>
Json nested(const std::deque<Field>& fields, ValueOf value_of) {
  Json root = Json::object();
  for (const Field& field : fields) {
    Json* node = &root;
    std::size_t begin = 0;
    for (std::size_t dot; (dot = field.key.find('.', begin)) != std::string::npos; begin = dot + 1)
      node = &(*node)[field.key.substr(begin, dot - begin)];
    (*node)[field.key.substr(begin)] = value_of(field);
  }
  return root;
}

Json absolute(Json value) {
  if (value.is_array())
    for (Json& element : value) element = absolute(std::move(element));
  const bool path = value.is_string() && !value.get_ref<const std::string&>().empty();
  constexpr const char* kStandardInput = "-";
  return path && value != kStandardInput
             ? Json(fs::absolute(value.get<std::string>()).lexically_normal().string())
             : value;
}

}  // namespace

Json Fields::dump() const {
  return nested(fields_, [](const Field& field) { return field.get(); });
}

Json Fields::record() const {
  return nested(fields_, [](const Field& field) {
    if (field.is_path) return absolute(field.get());
    Json value = field.get();
    if (field.members)  // paths of the elements
      for (const Field& member : field.members())
        for (Json& element : value)
          if (member.is_path && element.contains(member.key))
            element[member.key] = absolute(std::move(element[member.key]));
    return value;
  });
}

Json Fields::result_settings() const {
  Json flat = Json::object();
  for (const Field& field : fields_)
    if (field.changes_result) flat[field.key] = field.get();
  return flat;
}

void refuse_tilde(const std::string& text, const std::string& what) {
  if ((text != "~" && !text.starts_with("~/")) || fs::exists(text)) return;
  throw config_error(what + " is " + text + ": ~ is not expanded here",
                     "write the whole path, or \"$HOME" + text.substr(1) + "\" on the command line");
}

void require_placeholder(const std::string& key, const std::string& text, const std::string& placeholder) {
  if (text.find(placeholder) == std::string::npos)
    throw config_error(key + " must contain " + placeholder + ", got \"" + text + "\"");
}

}  // namespace film
