#pragma once
// The forms of files of outputs: one row each, so that another form is another file and another row.
#include <string>
#include <string_view>
#include <vector>

#include "film/base/json.h"
#include "film/outputs/outputs.h"

namespace film::outputs {

struct FormReader {
  Form form;
  const char* help;                                           // its keys, for messages
  std::vector<const char*> keys;                              // a row of this form has them all
  Output (*read)(const Json& row, const std::string& where);  // throws bad_data
  std::string (*task)(const std::string& stem);               // as the file's name without .jsonl says
};

// In the order in which they are tried on a row.
const std::vector<FormReader>& form_readers();

Output read_film(const Json& row, const std::string& where);
Output read_val(const Json& row, const std::string& where);
Output read_longbench(const Json& row, const std::string& where);
Output read_ruler(const Json& row, const std::string& where);
Output read_lm_eval(const Json& row, const std::string& where);
Output read_batch(const Json& row, const std::string& where);

std::string task_of_val(const std::string& stem);
std::string task_of_lm_eval(const std::string& stem);
std::string task_is_stem(const std::string& stem);

// Gives `output` the text of a string, or the state failed for null. Throws bad_data for another type; `key` names it.
void set_text(Output& output, const Json& value, const char* key, const std::string& where);
// A string or a list of strings, numbers as text.
std::vector<std::string> texts_of(const Json& value, const char* key, const std::string& where);
// A number or a string, as text; empty where the key is missing.
std::string id_of(const Json& row, const char* key);

}  // namespace film::outputs
