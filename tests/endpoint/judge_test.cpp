// Every row of the table of replies: which class it is put into. No network.
#include "../../src/endpoint/judge.h"

#include <gtest/gtest.h>

namespace film::endpoint {
namespace {

using Class = Verdict::Class;

struct Row {
  const char* name;
  HttpReply reply;
  Class what;
  const char* reason;
  bool worked = true;
};

HttpReply reply(int status, std::string body, ReplyHeaders headers = {}) {
  HttpReply r;
  r.status = status;
  r.body = std::move(body);
  r.headers = std::move(headers);
  r.sent = true;
  return r;
}

HttpReply broken(Break how, bool sent, int status = 0) {
  HttpReply r;
  r.broke = how;
  r.sent = sent;
  r.status = status;
  r.error = "words";
  return r;
}

std::string choice(const std::string& inside, const std::string& finish = "\"stop\"") {
  return R"({"model":"m-2","choices":[{"message":{)" + inside + R"(},"finish_reason":)" + finish +
         R"(}],"usage":{"prompt_tokens":7,"completion_tokens":3}})";
}

const std::string kQuota =
    R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}})";
const std::string kDeep = std::string(100'000, '[');

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"ok", reply(200, choice(R"("content":"four")")), Class::answer, ""},
      {"ok without finish_reason", reply(200, choice(R"("content":"four")", "null")), Class::answer, ""},
      {"content in parts", reply(200, choice(R"("content":[{"type":"text","text":"four"}])")), Class::answer,
       ""},
      {"content null", reply(200, choice(R"("content":null)")), Class::rejected, "empty"},
      {"content blank", reply(200, choice(R"("content":" \n")")), Class::rejected, "empty"},
      {"tool call", reply(200, choice(R"("content":null,"tool_calls":[])", "\"tool_calls\"")),
       Class::rejected, "empty"},
      {"cut off", reply(200, choice(R"("content":"fou")", "\"length\"")), Class::rejected, "length"},
      {"filtered answer", reply(200, choice(R"("content":"")", "\"content_filter\"")), Class::rejected,
       "content_filter"},
      {"refusal", reply(200, choice(R"("content":null,"refusal":"I cannot")")), Class::rejected, "refusal"},
      {"no choices", reply(200, R"({"choices":[]})"), Class::failed, "wrong_schema"},
      {"other JSON", reply(200, R"({"hello":1})"), Class::failed, "wrong_schema"},
      {"other JSON at first", reply(200, R"({"hello":1})"), Class::fatal, "wrong_schema", false},
      {"a list", reply(200, "[1]"), Class::failed, "wrong_schema"},
      {"empty body", reply(200, ""), Class::retry, "bad_body"},
      {"web page", reply(200, "<html>busy</html>"), Class::retry, "bad_body"},
      {"cut JSON", reply(200, R"({"choices":[{"mess)"), Class::retry, "bad_body"},
      {"bytes that are no UTF-8", reply(200, choice("\"content\":\"\xFF\xFE\"")), Class::retry, "bad_body"},
      {"nested without end", reply(200, kDeep), Class::retry, "bad_body"},
      {"200 with error 429", reply(200, R"({"error":{"code":429,"message":"slow down"}})"), Class::busy,
       "rate_limited"},
      {"200 with error '502'", reply(200, R"({"error":{"code":"502","message":"up"}})"), Class::retry,
       "server_error"},
      {"200 with error words", reply(200, R"({"error":"upstream failed"})"), Class::retry, "server_error"},
      {"200 with quota", reply(200, kQuota), Class::fatal, "quota"},
      {"200 with null error", reply(200, R"({"error":null,)" + choice(R"("content":"x")").substr(1)),
       Class::answer, ""},
      {"redirect", reply(307, "", {{"location", "https://elsewhere/v1"}}), Class::fatal, "redirect"},
      {"400", reply(400, R"({"error":{"message":"bad temperature"}})"), Class::rejected, "bad_request"},
      {"400 OpenAI filter", reply(400, R"({"error":{"code":"content_filter"}})"), Class::rejected,
       "content_filter"},
      {"400 Azure filter",
       reply(400, R"({"error":{"code":"bad","innererror":{"code":"ResponsibleAIPolicyViolation"}}})"),
       Class::rejected, "content_filter"},
      {"400 too long",
       reply(400, R"({"object":"error","message":"maximum context length is 4096","code":400})"),
       Class::rejected, "too_long"},
      {"413", reply(413, ""), Class::rejected, "too_long"},
      {"422 FastAPI", reply(422, R"({"detail":"field required"})"), Class::rejected, "bad_request"},
      {"401", reply(401, R"({"error":{"message":"Incorrect API key"}})"), Class::fatal, "denied"},
      {"402", reply(402, R"({"error":{"message":"Insufficient Balance"}})"), Class::fatal, "quota"},
      {"403 at first", reply(403, ""), Class::fatal, "denied", false},
      {"403 later", reply(403, "<html>blocked</html>"), Class::failed, "denied"},
      {"404 model", reply(404, R"({"error":{"code":"model_not_found"}})"), Class::fatal, "no_model", false},
      {"404 address", reply(404, R"({"detail":"Not Found"})"), Class::fatal, "no_such_address", false},
      {"404 later", reply(404, ""), Class::failed, "no_such_address"},
      {"405 at first", reply(405, ""), Class::fatal, "no_such_address", false},
      {"408", reply(408, ""), Class::retry, "timeout"},
      {"409", reply(409, ""), Class::retry, "conflict"},
      {"429 OpenAI", reply(429, R"({"error":{"code":"rate_limit_exceeded"}})"), Class::busy, "rate_limited"},
      {"429 Azure", reply(429, R"({"error":{"code":"429","message":"Requests have exceeded"}})"), Class::busy,
       "rate_limited"},
      {"429 empty", reply(429, ""), Class::busy, "rate_limited"},
      {"429 quota", reply(429, kQuota), Class::fatal, "quota"},
      {"500", reply(500, "oops"), Class::retry, "server_error"},
      {"501 at first", reply(501, ""), Class::fatal, "no_such_address", false},
      {"502", reply(502, "<html>"), Class::retry, "server_error"},
      {"503", reply(503, ""), Class::busy, "overloaded"},
      {"504", reply(504, ""), Class::retry, "server_error"},
      {"529", reply(529, ""), Class::busy, "overloaded"},
      {"500, do not retry", reply(500, "", {{"x-should-retry", "false"}}), Class::failed, "server_error"},
      {"400, do retry", reply(400, "", {{"x-should-retry", "true"}}), Class::retry, "bad_request"},
      {"no such host", broken(Break::resolve, false), Class::busy, "unreachable"},
      {"refused", broken(Break::connect, false), Class::busy, "unreachable"},
      {"certificate", broken(Break::untrusted, false), Class::fatal, "untrusted"},
      {"proxy wants a password", broken(Break::proxy, false, 407), Class::fatal, "proxy"},
      {"proxy fails", broken(Break::proxy, false, 502), Class::busy, "proxy"},
      {"too slow", broken(Break::timeout, true), Class::retry, "timeout"},
      {"reset", broken(Break::reset, true), Class::retry, "reset"},
      {"too big", broken(Break::too_big, true), Class::retry, "too_big"},
      {"not HTTP", broken(Break::not_http, true), Class::retry, "bad_body"},
  };
  return table;
}

TEST(Judge, PutsEveryReplyIntoItsClass) {
  for (const Row& row : rows()) {
    const Verdict verdict = judge(row.reply, {false, row.worked, "m", "https://h/v1"});
    EXPECT_EQ(static_cast<int>(verdict.what), static_cast<int>(row.what)) << row.name;
    EXPECT_EQ(verdict.reason, row.reason) << row.name;
    if (row.what == Class::fatal) {
      EXPECT_FALSE(verdict.hint.empty()) << row.name;
    }
  }
}

TEST(Judge, PaidIsWhatHeldAChoiceAndUnknownIsWhatWasSentWithoutAWholeReply) {
  for (const Row& row : rows()) {
    const Verdict verdict = judge(row.reply, {false, row.worked, "m", "https://h/v1"});
    EXPECT_EQ(verdict.paid,
              row.reply.body.find("finish_reason") != std::string::npos && verdict.reason != "bad_body")
        << row.name;
    if (row.reply.broke != Break::none) {
      EXPECT_EQ(verdict.unknown, row.reply.sent) << row.name;
    }
  }
}

TEST(Judge, ReadsAnswerModelAndUsage) {
  const Verdict verdict = judge(reply(200, choice(R"("content":"four")")), {});
  EXPECT_EQ(verdict.text, "four");
  EXPECT_EQ(verdict.model, "m-2");
  EXPECT_EQ(verdict.usage.prompt, 7);
  EXPECT_EQ(verdict.usage.completion, 3);
  EXPECT_TRUE(verdict.usage.reported);
}

TEST(Judge, MissingOrStrangeUsageIsNotReported) {
  for (const char* usage : {"null", "{}", R"({"prompt_tokens":-1})", R"({"prompt_tokens":"7"})", "[]"}) {
    const std::string body =
        R"({"choices":[{"message":{"content":"x"}}],"usage":)" + std::string(usage) + "}";
    const Verdict verdict = judge(reply(200, body), {});
    EXPECT_EQ(static_cast<int>(verdict.what), static_cast<int>(Class::answer)) << usage;
    EXPECT_FALSE(verdict.usage.reported) << usage;
  }
}

TEST(Judge, KeepsATruncatedAnswerWhenAsked) {
  const Verdict verdict = judge(reply(200, choice(R"("content":"fou")", "\"length\"")), {true, true, "", ""});
  EXPECT_EQ(static_cast<int>(verdict.what), static_cast<int>(Class::answer));
  EXPECT_EQ(verdict.text, "fou");
}

TEST(Judge, QuotesAtMostAFewHundredCharactersOfTheServer) {
  const Verdict verdict = judge(reply(500, std::string(5'000'000, 'x')), {});
  EXPECT_LT(verdict.detail.size(), 400u);
}

}  // namespace
}  // namespace film::endpoint
