#include "conversation_rows.h"

#include <array>

#include "film/base/json.h"
#include "film/base/strings.h"

namespace film::questions {
namespace {

using Fault = ConversationFault;

// In the order of Place.
constexpr std::array kNames = {"messages", "conversations", "prompt",       "completion", "instruction",
                               "question", "input",         "context",      "output",     "response",
                               "answer",   "system",        "system_prompt"};
enum Place : std::size_t {
  kMessages,
  kConversations,
  kPrompt,
  kCompletion,
  kInstruction,
  kQuestionText,
  kInput,
  kAbout,
  kOutput,
  kResponse,
  kAnswerText,
  kSystem,
  kSystemPrompt
};

const sources::Columns& conversation_columns() {
  static const sources::Columns all = [] {
    sources::Columns columns;
    for (const char* name : kNames) columns.columns.push_back({name, sources::CellType::any, false});
    return columns;
  }();
  return all;
}

enum class Role { user, assistant, system };

struct Message {
  Role role = Role::user;
  std::string text;
  bool loss = true;
};

// What a row is refused for.
struct Refusal {
  Fault fault = Fault::unknown_shape;
  std::string detail = {};
};

Role role_of(const std::string& word) {
  const std::string lower = to_lower_ascii(trim(word));
  if (lower == "user" || lower == "human") return Role::user;
  if (lower == "assistant" || lower == "gpt" || lower == "model" || lower == "bot" || lower == "chatgpt")
    return Role::assistant;
  if (lower == "system" || lower == "developer") return Role::system;
  if (lower == "tool" || lower == "function" || lower == "observation" || lower == "function_call")
    throw Refusal{Fault::tool_call, "role \"" + word + "\""};
  throw Refusal{Fault::bad_role, "role \"" + word.substr(0, 40) + "\""};
}

// A string, or a list of parts of text.
std::string text_of(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  if (content.is_null()) return {};
  if (!content.is_array()) throw Refusal{Fault::not_text, "content is " + to_line(content).substr(0, 60)};
  std::string text;
  for (const Json& part : content) {
    const bool is_text = part.is_object() && part.value("type", Json("text")) == "text" &&
                         part.contains("text") && part["text"].is_string();
    if (!is_text) throw Refusal{Fault::not_text, "a part of the content is " + to_line(part).substr(0, 60)};
    text += part["text"].get<std::string>();
  }
  return text;
}

bool has_loss(const Json& message) {
  for (const char* key : {"weight", "train"})
    if (const auto found = message.find(key); found != message.end())
      if ((found->is_number() && found->get<double>() == 0) || (found->is_boolean() && !found->get<bool>()))
        return false;
  return true;
}

Message message_of(const Json& item) {
  const char* role = item.is_object() && item.contains("role") ? "role" : "from";
  const char* text = item.is_object() && item.contains("content") ? "content" : "value";
  const bool fits = item.is_object() && item.contains(role) && item[role].is_string();
  if (!fits) throw Refusal{Fault::bad_messages, "a message is " + to_line(item).substr(0, 60)};
  for (const char* call : {"tool_calls", "function_call"})
    if (item.contains(call) && !item[call].is_null() && !item[call].empty())
      throw Refusal{Fault::tool_call, call};
  const Role known = role_of(item[role].get<std::string>());
  if (!item.contains(text)) throw Refusal{Fault::bad_messages, "a message has no content"};
  return {known, text_of(item[text]), has_loss(item)};
}

std::optional<Json> list_in(const sources::Cell& cell) {
  if (!cell.present || cell.is_string) return std::nullopt;
  std::optional<Json> json = try_parse_json(cell.text);
  return json && json->is_array() ? json : std::nullopt;
}

void append_messages(std::vector<Message>& messages, const Json& list) {
  for (const Json& item : list) messages.push_back(message_of(item));
}

const std::string& first_text(const sources::Row& row, std::initializer_list<Place> places) {
  static const std::string none;
  for (const Place place : places)
    if (row.cells[place].is_string && !trim(row.cells[place].text).empty()) return row.cells[place].text;
  return none;
}

std::vector<Message> messages_of(const sources::Row& row) {
  std::vector<Message> messages;
  for (const Place place : {kMessages, kConversations})
    if (row.cells[place].present) {
      const std::optional<Json> list = list_in(row.cells[place]);
      if (!list) throw Refusal{Fault::bad_messages, std::string(kNames[place]) + " is not a list"};
      append_messages(messages, *list);
      return messages;
    }
  if (const std::optional<Json> prompt = list_in(row.cells[kPrompt])) {
    append_messages(messages, *prompt);
    if (const std::optional<Json> completion = list_in(row.cells[kCompletion]))
      append_messages(messages, *completion);
    return messages;
  }
  std::string question = first_text(row, {kInstruction, kQuestionText, kPrompt});
  const std::string& answer = first_text(row, {kOutput, kResponse, kAnswerText, kCompletion});
  const bool known = std::ranges::any_of(row.cells, &sources::Cell::present);
  if (!known) throw Refusal{Fault::unknown_shape, "it has none of the keys that are known"};
  if (question.empty()) throw Refusal{Fault::no_question, {}};
  if (answer.empty()) throw Refusal{Fault::no_answer, {}};
  if (const std::string& input = first_text(row, {kInput}); !input.empty()) question += "\n\n" + input;
  messages.push_back({Role::user, std::move(question)});
  messages.push_back({Role::assistant, answer});
  return messages;
}

// Turns of merged messages. What a system says stands before the question behind it: the prompt has no other place.
std::vector<Turn> turns_of(const std::vector<Message>& messages, std::string system) {
  std::vector<Turn> turns;
  bool answered = true;
  for (const Message& message : messages) {
    const std::string text(trim(message.text));
    if (message.role == Role::system) {
      if (!text.empty()) system += (system.empty() ? "" : "\n\n") + text;
    } else if (message.role == Role::user) {
      if (answered) turns.emplace_back();
      Turn& turn = turns.back();
      for (const std::string& part : {system, text})
        if (!part.empty()) turn.user += (turn.user.empty() ? "" : "\n\n") + part;
      system.clear();
      answered = false;
    } else {
      if (turns.empty()) throw Refusal{Fault::no_question, "the assistant begins"};
      Turn& turn = turns.back();
      if (text.empty()) throw Refusal{Fault::no_answer, "an answer is empty"};
      turn.assistant += (turn.assistant.empty() ? "" : "\n\n") + text;
      turn.loss = turn.loss && message.loss;
      answered = true;
    }
  }
  if (!turns.empty() && !answered) turns.pop_back();
  return turns;
}

Conversation conversation_of(const sources::Row& row) {
  Conversation conversation;
  const std::vector<Message> messages = messages_of(row);
  conversation.turns = turns_of(messages, std::string(trim(first_text(row, {kSystem, kSystemPrompt}))));
  conversation.context = trim(first_text(row, {kAbout}));
  if (conversation.turns.empty())
    throw Refusal{messages.empty() ? Fault::no_question : Fault::no_answer, "nothing is answered"};
  for (const Turn& turn : conversation.turns)
    if (turn.user.empty()) throw Refusal{Fault::no_question, "a question is empty"};
  if (std::ranges::none_of(conversation.turns, &Turn::loss)) throw Refusal{Fault::nothing_to_learn, {}};
  return conversation;
}

ConversationRow read_conversation(const sources::Row& row, std::string where) {
  ConversationRow read{std::move(where), {}, std::nullopt, {}};
  if (row.fault) {
    read.fault = Fault::unreadable;
    read.detail = name_of(*row.fault) + (row.detail.empty() ? "" : ": " + row.detail);
    return read;
  }
  try {
    read.conversation = conversation_of(row);
    read.conversation.where = read.where;
  } catch (const Refusal& refusal) {
    read.fault = refusal.fault;
    read.detail = refusal.detail;
  }
  return read;
}

}  // namespace

void read_conversations(const std::vector<sources::SourceFile>& files,
                        const std::function<void(ConversationRow)>& use) {
  sources::for_each_row(files, conversation_columns(), [&](const sources::Row& row) {
    if (row.fault != sources::RowFault::empty) use(read_conversation(row, sources::where(row, files)));
  });
}

}  // namespace film::questions
