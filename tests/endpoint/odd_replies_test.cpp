// Replies as servers send them that were not written by the book: paid answers are read whatever stands around them, and
// only whole answers count; refusals for money and for length are told apart under any words.
#include <gtest/gtest.h>

#include "endpoint/judge.h"

namespace film::endpoint {
namespace {

HttpReply reply(int status, std::string body) {
  HttpReply r;
  r.status = status;
  r.body = std::move(body);
  r.sent = true;
  return r;
}

std::string message(const std::string& inside, const std::string& choice = R"("finish_reason":"stop")") {
  return R"({"choices":[{"index":0,)" + choice + R"(,"message":{"role":"assistant",)" + inside + "}}]}";
}

Verdict judged(int status, const std::string& body) {
  return judge(reply(status, body),
               {.max_tokens = 50, .worked = true, .model = "m", .base_url = "https://h/v1"});
}

struct Answered {
  const char* name;
  std::string body, text;
};

TEST(OddReplies, APaidAnswerIsRead) {
  const std::vector<Answered> table = {
      {"two byte order marks", "\xEF\xBB\xBF\xEF\xBB\xBF" + message(R"("content":"four")"), "four"},
      {"comments of an event stream", ": processing\n\n: still\r\n" + message(R"("content":"four")"), "four"},
      {"a key twice", R"({"id":"a","id":"b",)" + message(R"("content":"four")").substr(1), "four"},
      {"NaN and Infinity",
       R"({"timings":{"a":NaN,"b":-Infinity},"logprob":nan,)" + message(R"("content":"four")").substr(1),
       "four"},
      {"a comma too many", R"({"a":[1,2,],)" + message(R"("content":"four")").substr(1), "four"},
      {"a raw tab and line break in the text", message("\"content\":\"a\tb\nc\""), "a\tb\nc"},
      {"a lone backslash", message(R"("content":"C:\data \alpha")"), "C:\\data \\alpha"},
      {"something behind it", message(R"("content":"four")") + "\n<!-- proxy 7 -->", "four"},
      {"content as bare strings", message(R"("content":["fo","ur"])"), "four"},
      {"parts of several kinds",
       message(R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},)"
               R"({"type":"reasoning","text":"no"},{"type":"output_text","text":"four"}])"),
       "four"},
      {"a text completion", R"({"choices":[{"text":"four","finish_reason":"eos"}]})", "four"},
      {"ended by a model's own word", message(R"("content":"four")", R"("finish_reason":"end_turn")"),
       "four"},
      {"a stream",
       "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"fo\"}}]}\n\n"
       "data: {\"choices\":[{\"delta\":{\"content\":\"ur\"},\"finish_reason\":\"stop\"}]}\n\ndata: "
       "[DONE]\n\n",
       "four"},
      {"a stream with events, comments and reasoning",
       "event: message\r\nid: 1\r\ndata: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\r\n\r\n: "
       "ping\r\n\r\n"
       "data: {\"choices\":[{\"delta\":{\"content\":\"four\"}}]}\r\n\r\n"
       "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\r\n\r\ndata: "
       "[DONE]\r\n",
       "four"},
      {"a stream that repeats the whole message at its end",
       "data: {\"choices\":[{\"message\":{\"content\":\"four\"},\"finish_reason\":\"stop\"}]}\n\n", "four"},
  };
  for (const Answered& row : table) {
    const Verdict verdict = judged(200, row.body);
    EXPECT_EQ(static_cast<int>(verdict.disposition), static_cast<int>(Disposition::answer)) << row.name;
    EXPECT_TRUE(verdict.paid) << row.name;
    EXPECT_EQ(verdict.text, row.text) << row.name;
  }
}

struct Rejected {
  const char* name;
  std::string body;
  Reason reason;
};

TEST(OddReplies, WhatIsNoWholeAnswerIsPaidForAndRejected) {
  const auto cut = [](const char* word) {
    return message(R"("content":"fou")", R"("finish_reason":")" + std::string(word) + "\"");
  };
  const std::vector<Rejected> table = {
      {"cut: MAX_TOKENS", cut("MAX_TOKENS"), Reason::length},
      {"cut: max_output_tokens", cut("max_output_tokens"), Reason::length},
      {"cut: model_context_window_exceeded", cut("model_context_window_exceeded"), Reason::length},
      {"cut: incomplete", cut("incomplete"), Reason::length},
      {"cut, by stop_reason alone", message(R"("content":"fou")", R"("stop_reason":"max_tokens")"),
       Reason::length},
      {"no word on the end, and as long as the limit",
       R"({"choices":[{"message":{"content":"fou"}}],"usage":{"prompt_tokens":5,"completion_tokens":50}})",
       Reason::length},
      {"filtered: SAFETY", cut("SAFETY"), Reason::content_filter},
      {"filtered: recitation", cut("recitation"), Reason::content_filter},
      {"thinking that never ends", message(R"("content":"<think>\nfirst, the")"), Reason::thinking},
      {"thinking with nothing behind it", message(R"("content":"hm </think>\n")"), Reason::thinking},
      {"reasoning beside null", message(R"("content":null,"reasoning":"so, the")"), Reason::thinking},
      {"reasoning in details",
       message(R"("content":"","reasoning_details":[{"type":"reasoning.text","text":"so"}])"),
       Reason::thinking},
      {"a part of type thinking alone", message(R"("content":[{"type":"thinking","thinking":"so"}])"),
       Reason::thinking},
      {"a channel of analysis alone", message(R"("content":"<|channel|>analysis<|message|>so")"),
       Reason::thinking},
      {"a stream of reasoning alone",
       "data: "
       "{\"choices\":[{\"delta\":{\"reasoning_content\":\"so\"},\"finish_reason\":\"length\"}]}\n\ndata: "
       "[DONE]\n",
       Reason::thinking},
  };
  for (const Rejected& row : table) {
    const Verdict verdict = judged(200, row.body);
    EXPECT_EQ(static_cast<int>(verdict.disposition), static_cast<int>(Disposition::rejected)) << row.name;
    EXPECT_TRUE(verdict.paid) << row.name;
    EXPECT_EQ(name_of(verdict.reason), name_of(row.reason)) << row.name;
  }
}

TEST(OddReplies, AStreamThatBreaksOffIsAskedAgain) {
  for (const char* body : {"data: {\"choices\":[{\"delta\":{\"content\":\"fo\"}}]}\n\n", "data: {\"choi",
                           "event: message\n\n"}) {
    const Verdict verdict = judged(200, body);
    EXPECT_EQ(static_cast<int>(verdict.disposition), static_cast<int>(Disposition::retry)) << body;
    EXPECT_EQ(verdict.reason, Reason::bad_body) << body;
  }
}

struct Refused {
  const char* name;
  int status;
  std::string body;
  Reason reason;
};

TEST(OddReplies, NoMoneyAndTooLongUnderAnyWords) {
  const std::vector<Refused> table = {
      {"out of credits", 400, R"({"error":{"message":"You are out of credits."}})", Reason::quota},
      {"billing not active", 403, R"({"error":{"code":"billing_not_active","message":"inactive"}})",
       Reason::quota},
      {"arrears", 429, R"({"error":{"code":"Arrearage","message":"Access denied, account is in arrears"}})",
       Reason::quota},
      {"not enough balance", 200, R"({"error":{"code":400,"message":"Not enough balance for this call"}})",
       Reason::quota},
      {"no money, 402 without words", 402, "", Reason::quota},
      {"a load balancer is no balance", 400, R"({"error":{"message":"the load balancer refused the form"}})",
       Reason::bad_request},
      {"Anthropic's words", 400,
       R"({"error":{"message":"prompt is too long: 250001 tokens > 200000 maximum"}})", Reason::too_long},
      {"Gemini's words", 400,
       R"({"error":{"message":"The input token count (9000) exceeds the maximum number of tokens allowed (8192)."}})",
       Reason::too_long},
      {"TGI's words", 422,
       R"({"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"})",
       Reason::too_long},
      {"a proxy's 500", 500,
       R"({"error":{"message":"ContextWindowExceededError: context window of 8192 exceeded"}})",
       Reason::too_long},
      {"inside a 200", 200, R"({"error":{"message":"the request exceeds the available context size"}})",
       Reason::too_long},
  };
  for (const Refused& row : table) {
    const Verdict verdict = judged(row.status, row.body);
    EXPECT_EQ(name_of(verdict.reason), name_of(row.reason)) << row.name;
    if (row.reason == Reason::quota) {
      EXPECT_EQ(verdict.code, ExitCode::stopped) << row.name;
    }
  }
}

}  // namespace
}  // namespace film::endpoint
