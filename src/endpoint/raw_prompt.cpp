#include "film/endpoint/raw_prompt.h"

#include "film/base/error.h"

namespace film::endpoint {
namespace {

std::string joined(const std::vector<ChatMessage>& messages) {
  std::string text;
  for (const ChatMessage& message : messages) text += (text.empty() ? "" : "\n\n") + message.text;
  return text;
}

// What the assistant said ends with </s>; all before it is one instruction, since a system message has no place of its own.
std::string in_instructions(const std::vector<ChatMessage>& messages) {
  std::string text;
  std::vector<ChatMessage> said;
  const auto instruction = [&] { return said.empty() ? "" : "[INST] " + joined(said) + " [/INST]"; };
  for (const ChatMessage& message : messages) {
    if (message.role == Role::assistant) {
      text += instruction() + " " + message.text + "</s>";
      said.clear();
    } else {
      said.push_back(message);
    }
  }
  return text + instruction();
}

// A header for each message and one for the answer.
std::string with_headers(const std::vector<ChatMessage>& messages, const std::string& open,
                         const std::string& behind_role, const std::string& close) {
  std::string text;
  for (const ChatMessage& message : messages)
    text += open + name_of(message.role) + behind_role + message.text + close;
  return text + open + name_of(Role::assistant) + behind_role;
}

}  // namespace

std::string raw_prompt(RawTemplate form, const std::vector<ChatMessage>& messages) {
  switch (form) {
    case RawTemplate::none:
      return joined(messages);
    case RawTemplate::mistral:
      return in_instructions(messages);
    case RawTemplate::llama:
      return with_headers(messages, "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>");
    case RawTemplate::qwen:  // Qwen 3 with its thinking switched off
      return with_headers(messages, "<|im_start|>", "\n", "<|im_end|>\n") + "<think>\n\n</think>\n\n";
    case RawTemplate::chatml:
      return with_headers(messages, "<|im_start|>", "\n", "<|im_end|>\n");
    case RawTemplate::film:
      break;
  }
  throw config_error("endpoint.template film needs context and question apart, as film eval asks",
                     "name another template, or --set endpoint.route=chat");
}

}  // namespace film::endpoint
