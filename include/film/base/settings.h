#pragma once
// Settings declared once, beside their user. A settings struct lists its fields in one function:
//
//   struct Schedule {
//     double peak = 1e-6;
//     Decay decay = Decay::cosine;  // an enum with a table of names: enum_names.h
//     void describe(Fields& f) {
//       f.add("peak", peak, "highest learning rate").range(0, 1);
//       f.add("decay", decay, "shape after warm-up");
//     }
//   };
//
// Reading JSON, --set, dumping, help, range checks and the nearest-key suggestion all derive from that.
// Order: defaults -> config file (JSON with comments) -> --set key=value. An unknown key is an error (exit 78).
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/error.h"
#include "film/base/files.h"
#include "film/base/json.h"
#include "film/base/suggest.h"

namespace film {

class Fields;
struct Field;

// There is no setting `key`: whoever knows more settings than one command's may say where it is.
class UnknownSetting : public Error {
 public:
  UnknownSetting(const std::string& source, std::string unknown, std::string hint);
  UnknownSetting(const UnknownSetting& inner, const std::string& source);  // of an element of a list
  const std::string& key() const { return key_; }

 private:
  std::string key_;
};

template <class S>
concept Described = requires(S& settings, Fields& fields) {
  settings.describe(fields);
};

// What a setting holds. `word`: one of a few, `names`: a list of strings, or one string for a list of one; `objects`: a
// list of groups of settings, `json`: a type with a JSON conversion of its own.
enum class FieldKind { boolean, integer, number, text, word, names, objects, json };

// One setting. `key` is dotted from the root ("optimizer.beta1").
struct Field {
  std::string key, help, unit;
  FieldKind kind = FieldKind::json;
  bool changes_result = true;  // false: threads, paths, verbosity; may differ when a run is resumed
  bool is_path = false;        // of a file or folder, or a list of them: recorded as absolute paths
  std::optional<double> low, high;
  std::vector<std::string> choices;
  std::function<Json()> get;
  std::function<bool(const Json&)> set;  // false: not a value of this kind, and nothing has changed
  std::function<std::vector<Field>()>
      members;  // of one element, for lists of groups: to be shown, not to be set

  Field& range(double lo, double hi);
  Field& one_of(std::vector<std::string> values);
  Field& in(std::string unit_name);
  Field& runtime();  // does not change results
  Field& path();
};

class Fields {
 public:
  // bool, integers, floating point, std::string, enums with names, types with a JSON conversion of their own.
  template <class T>
  Field& add(const std::string& key, T& value, const std::string& help);
  template <Described S>
  void group(const std::string& key, S& nested);
  // A list of objects, replaced as a whole by a JSON array.
  template <Described S>
  Field& list(const std::string& key, std::vector<S>& values, const std::string& help);

  const std::deque<Field>& all() const { return fields_; }
  const Field* find(const std::string& key) const;
  std::string nearest(const std::string& key) const;  // a known key that is near (suggest.h), or empty

  // Takes every leaf of `object`; nested objects and dotted keys mean the same. `source` names it in errors
  // and in sources(). Throws config_error: unknown key (with the nearest), wrong type, out of range.
  void apply(const Json& object, const std::string& source);
  // "a.b=c": c is JSON, or a bare string where the field is a string or a list of strings, whatever it looks like: a
  // folder may be called 2024. Lists of strings named again on a command line add up. Throws config_error.
  void apply_override(const std::string& assignment);
  // The same for an option: `source` ("--steps") names it. In `key`, "stages.*.steps" means every element.
  void apply_word(const std::string& key, const std::string& text, const std::string& source);

  Json dump() const;             // nested, in order of declaration
  Json record() const;           // the same with absolute paths, for whoever reads it in another folder
  Json result_settings() const;  // flat key -> value, only those that change the result
  const std::map<std::string, std::string>& sources() const { return sources_; }  // key -> where it came from

 private:
  Field& push(Field field);
  Field* find_to_set(const std::string& key);
  void apply_below(const Json& node, const std::string& path, const std::string& source);
  void set(Field& field, const Json& value, const std::string& source);
  void apply_text(const std::string& key, const Json& value, const std::string& source);
  bool takes_text(const std::string& key, const std::string& text, const std::string& source);
  Json joined(const Field& field, Json value, const std::string& source);
  std::string prefix_;
  std::deque<Field> fields_;  // a deque keeps references valid
  std::map<std::string, std::string> sources_;
  std::map<std::string, std::string> on_command_line_;  // key -> the option that set it
};

// All three layers into `settings`; returns the fields bound to it (it must outlive them).
template <Described S>
Fields resolve(S& settings, const std::optional<fs::path>& config,
               const std::vector<std::string>& overrides) {
  Fields fields;
  settings.describe(fields);
  if (config) fields.apply(read_json(*config), config->string());
  for (const std::string& assignment : overrides) fields.apply_override(assignment);
  return fields;
}

// Throws config_error for a path of the user's that begins with ~: shells expand it at the beginning of a word only, not
// in --set inputs=~/x or --out=~/x, nor in a settings file. `what`: "--set: inputs".
void refuse_tilde(const std::string& text, const std::string& what);

// For check(): throws config_error unless `text`, the value of `key`, contains `placeholder` ("{name}").
void require_placeholder(const std::string& key, const std::string& text, const std::string& placeholder);

}  // namespace film

#include "film/base/settings_templates.h"
