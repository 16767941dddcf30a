#pragma once
// Private to the module: rows of instruction data in the forms that people share it in -> conversations.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/records/conversation.h"
#include "film/sources/rows.h"

namespace film::questions {

// Why a row is no conversation.
enum class ConversationFault : std::uint8_t {
  unreadable,       // the row itself: a word of sources::RowFault is in the detail
  unknown_shape,    // none of the keys that are known
  bad_messages,     // messages or conversations is not a list of objects with role and text
  bad_role,         // another role than user, assistant and system
  tool_call,        // calls of tools and their results
  not_text,         // pictures and other parts that are no text
  no_question,      // nobody asks, or the assistant begins
  no_answer,        // an answer is missing or empty
  contaminated,     // it shares words with an evaluation text
  nothing_to_learn  // every answer has weight 0
};
constexpr auto enum_names(ConversationFault) {
  using enum ConversationFault;
  return std::array{EnumName{unreadable, "unreadable"},     EnumName{unknown_shape, "unknown_shape"},
                    EnumName{bad_messages, "bad_messages"}, EnumName{bad_role, "bad_role"},
                    EnumName{tool_call, "tool_call"},       EnumName{not_text, "not_text"},
                    EnumName{no_question, "no_question"},   EnumName{no_answer, "no_answer"},
                    EnumName{contaminated, "contaminated"}, EnumName{nothing_to_learn, "nothing_to_learn"}};
}

struct ConversationRow {
  std::string where;
  Conversation conversation;  // without id
  std::optional<ConversationFault> fault;
  std::string detail;
};

// Forms: "messages" or "conversations" (role or from; content or value; weight or train 0 means no loss), also as the lists
// "prompt" and "completion"; else a question in "instruction", "question" or "prompt" with more of it in "input", a text it
// is about in "context", and the answer in "output", "response", "answer" or "completion". "system" and "system_prompt" go
// before the first question. Neighbouring messages of one role are one; a question at the end that nobody answers is left out.
void read_conversations(const std::vector<sources::SourceFile>& files,
                        const std::function<void(ConversationRow)>& use);

}  // namespace film::questions
