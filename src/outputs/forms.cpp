#include "film/base/error.h"
#include "form.h"

namespace film::outputs {

const std::vector<FormReader>& form_readers() {
  static const std::vector<FormReader> table = {
      {Form::film, "output, with task, id, expected", {"output", "expected"}, read_film, nullptr},
      {Form::lm_eval, "doc_id, target, arguments, resps", {"doc_id", "resps"}, read_lm_eval, task_of_lm_eval},
      {Form::batch, "custom_id, response, error", {"custom_id", "response"}, read_batch, nullptr},
      {Form::ruler, "index, pred, outputs", {"pred", "outputs"}, read_ruler, task_is_stem},
      {Form::longbench, "pred, answers", {"pred", "answers"}, read_longbench, task_is_stem},
      {Form::val, "samples", {"samples"}, read_val, task_of_val},
      {Form::val, "sample", {"sample"}, read_val, task_of_val},
  };
  return table;
}

std::string task_is_stem(const std::string& stem) { return stem; }

void set_text(Output& output, const Json& value, const char* key, const std::string& where) {
  if (value.is_string()) {
    output.text = value.get<std::string>();
    return;
  }
  if (!value.is_null())
    throw bad_data(where + ": key \"" + key + "\" must be a string or null, got " + to_line(value));
  output.state = AnswerState::failed;
  output.detail = std::string(key) + " is null";
}

std::vector<std::string> texts_of(const Json& value, const char* key, const std::string& where) {
  std::vector<std::string> texts;
  const Json list = value.is_array() ? value : Json::array({value});
  for (const Json& element : list) {
    if (!element.is_string() && !element.is_number())
      throw bad_data(where + ": key \"" + key + "\" must hold strings, got " + to_line(element));
    texts.push_back(element.is_string() ? element.get<std::string>() : to_line(element));
  }
  return texts;
}

std::string id_of(const Json& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : to_line(*found);
}

}  // namespace film::outputs
