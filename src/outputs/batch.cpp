// What OpenAI's batch interface, and servers that speak it, return: {"custom_id", "response": {"status_code", "body"},
// "error"}. Rows come in any order. The body is that of a chat or of a completion.
#include "film/base/error.h"
#include "form.h"

namespace film::outputs {
namespace {

Json member_or_null(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) ? object[key] : Json();
}

std::string message_of(const Json& error) {
  const Json message = member_or_null(error, "message");
  return message.is_string() ? message.get<std::string>() : to_line(error);
}

Output not_given(Output output, AnswerState state, std::string detail) {
  output.state = state;
  output.detail = std::move(detail);
  return output;
}

}  // namespace

Output read_batch(const Json& row, const std::string& where) {
  Output output;
  output.id = id_of(row, "custom_id");
  const Json response = member_or_null(row, "response"), error = member_or_null(row, "error");
  if (!error.is_null()) return not_given(output, AnswerState::failed, message_of(error));
  const Json body = member_or_null(response, "body"), status = member_or_null(response, "status_code");
  if (status.is_number() && status != 200)
    return not_given(output, AnswerState::failed,
                     "status " + to_line(status) + ": " + message_of(member_or_null(body, "error")));
  const Json choices = member_or_null(body, "choices");
  if (!choices.is_array() || choices.size() != 1)
    throw bad_data(where + ": key \"response.body.choices\" must be a list of one choice",
                   "ask for one answer to each question (n 1)");
  const Json message = member_or_null(choices[0], "message"), refusal = member_or_null(message, "refusal");
  const Json end = member_or_null(choices[0], "finish_reason");
  if (refusal.is_string()) return not_given(output, AnswerState::refused, refusal.get<std::string>());
  if (end == "content_filter") return not_given(output, AnswerState::refused, "content_filter");
  const Json text =
      member_or_null(message.is_null() ? choices[0] : message, message.is_null() ? "text" : "content");
  set_text(output, text.is_null() ? Json("") : text, "content", where);
  if (end == "length") output.state = AnswerState::cut;
  return output;
}

}  // namespace film::outputs
