// Settings as they are written on a command line.
#include <algorithm>

#include "film/base/settings.h"

namespace film {
namespace {

// The list that "stages.0.share" speaks of, or nullptr.
const Field* list_above(const Fields& fields, const std::string& key) {
  for (const Field& field : fields.all())
    if (field.kind == FieldKind::objects && key.starts_with(field.key + ".")) return &field;
  return nullptr;
}

// The whole list with that one setting of one element changed. A name that an element does not have is met
// when the list is read.
Json with_element(const Field& list, const std::string& key, const Json& value, const std::string& source) {
  const std::string rest = key.substr(list.key.size() + 1), number = rest.substr(0, rest.find('.'));
  Json elements = list.get();
  const bool is_number = !number.empty() && number.size() < 7 &&
                         number.find_first_not_of("0123456789") == std::string::npos && number != rest;
  if (!is_number || std::stoul(number) >= elements.size())
    throw config_error(
        source + " " + key + ": " + list.key + " is a list of " + std::to_string(elements.size()),
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
  apply_word(assignment.substr(0, equals), assignment.substr(equals + 1), "--set");
}

void Fields::apply_word(const std::string& key, const std::string& text, const std::string& source) {
  if (const std::size_t star = key.find(".*."); star != std::string::npos) {
    const std::size_t count = find(key.substr(0, star))->get().size();
    for (std::size_t i = 0; i < count; ++i)
      apply_word(key.substr(0, star + 1) + std::to_string(i) + key.substr(star + 2), text, source);
    return;
  }
  const Field* field = find(key);
  const bool bare = field != nullptr && (field->kind == FieldKind::text || field->kind == FieldKind::word) &&
                    !text.starts_with('"');
  const std::optional<Json> value = bare ? std::nullopt : try_parse_json(text);
  // Where a bare word is wrong, the check of its kind says what was expected.
  if (!value) return apply_text(key, text, source);
  try {
    apply_text(key, *value, source);
  } catch (const Error&) {
    const bool may_be_a_name = !value->is_structured() && !value->is_string();  // 2024, true, null
    if (!may_be_a_name || !takes_text(key, text, source)) throw;
  }
}

bool Fields::takes_text(const std::string& key, const std::string& text, const std::string& source) {
  try {
    apply_text(key, text, source);
    return true;
  } catch (const Error&) {
    return false;
  }
}

// A value for a setting, or for one of an element of a list.
void Fields::apply_text(const std::string& key, const Json& value, const std::string& source) {
  if (const Field* list = list_above(*this, key)) {
    Json elements = with_element(*list, key, value, source);
    apply({{list->key, std::move(elements)}}, source);
    on_command_line_[list->key] = source;
    return;
  }
  const Field* field = find(key);
  apply({{key, field != nullptr ? joined(*field, value, source) : value}}, source);
  on_command_line_[key] = source;
}

// What was named before on the same command line is not dropped: names add up, whole lists of groups are refused.
Json Fields::joined(const Field& field, Json value, const std::string& source) {
  const auto earlier = on_command_line_.find(field.key);
  if (earlier == on_command_line_.end()) return value;
  if (field.kind == FieldKind::objects)
    throw config_error(source + ": " + field.key + " was given before (" + earlier->second + ")",
                       "give the whole list once: --set '" + field.key + "=[{…}, {…}]'");
  if (field.kind != FieldKind::names) return value;
  Json all = field.get();
  if (value.is_array())
    all.insert(all.end(), value.begin(), value.end());
  else
    all.push_back(std::move(value));
  return all;
}

}  // namespace film
