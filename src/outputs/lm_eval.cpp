// lm-evaluation-harness's samples_TASK_TIME.jsonl: {"doc_id", "doc", "target", "arguments", "resps", "filter", …}.
// A written answer is resps [["text"]] (lmms-eval: ["text"]), choices are [[["-1.5", "False"]], …], all as strings.
#include <regex>

#include "film/base/as_number.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "form.h"

namespace film::outputs {
namespace {

// What is nested in lists of one, down to a value that is none.
const Json& inmost(const Json& value) {
  return value.is_array() && value.size() == 1 ? inmost(value[0]) : value;
}

// "-1.5" or -1.5.
double log_likelihood(const Json& value, const std::string& where) {
  if (value.is_number()) return value.get<double>();
  const auto number = as_number<double>(value.is_string() ? value.get<std::string>() : "");
  if (!number) throw bad_data(where + ": key \"resps\" must hold a log-likelihood, got " + to_line(value));
  return *number;
}

// The continuations that were rated, without the blank in front: arguments.gen_args_N.arg_1, or a list of pairs.
std::vector<std::string> rated(const Json& row, const std::string& where) {
  std::vector<std::string> choices;
  const Json arguments = row.contains("arguments") ? row["arguments"] : Json();
  for (const auto& [name, call] : arguments.items()) {
    const bool pair = call.is_array() && call.size() == 2;
    const Json choice = pair ? call[1] : call.is_object() && call.contains("arg_1") ? call["arg_1"] : Json();
    if (!choice.is_string()) throw bad_data(where + ": key \"arguments." + name + "\" names no continuation");
    choices.emplace_back(trim(choice.get<std::string>()));
  }
  return choices;
}

bool is_pair(const Json& value) { return value.is_array() && value.size() == 2 && !value[0].is_array(); }

// A list of choices, each [["-1.5", "False"]]; a flattened one is ["-1.5", "False"].
bool has_choices(const Json& resps) {
  if (!resps.is_array() || resps.empty()) return false;
  for (const Json& element : resps)
    if (!is_pair(element) && !is_pair(element.is_array() && element.size() == 1 ? element[0] : Json()))
      return false;
  return true;
}

}  // namespace

Output read_lm_eval(const Json& row, const std::string& where) {
  Output output;
  output.number = member<std::uint64_t>(row, "doc_id", where);
  if (row.contains("target") && !row["target"].is_null())
    output.answers = texts_of(row["target"], "target", where);
  const Json& resps = row.at("resps");
  if (!has_choices(resps)) {
    set_text(output, inmost(resps), "resps", where);
    return output;
  }
  for (const Json& element : resps)
    output.log_likelihoods.push_back(log_likelihood(is_pair(element) ? element[0] : element[0][0], where));
  output.choices = rated(row, where);
  return output;
}

// samples_arc_challenge_2024-05-01T10-11-12.123456.jsonl
std::string task_of_lm_eval(const std::string& stem) {
  static const std::regex kName(R"((?:samples_)?(.*?)(?:_\d{4}-\d{2}-\d{2}T[0-9.:-]*)?)");
  std::smatch found;
  return std::regex_match(stem, found, kName) ? found[1].str() : stem;
}

}  // namespace film::outputs
