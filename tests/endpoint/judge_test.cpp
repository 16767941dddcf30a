// Every row of the table of replies: which class it is put into. No network.
#include "endpoint/judge.h"

#include <gtest/gtest.h>

namespace film::endpoint {
namespace {

struct Row {
  const char* name;
  HttpReply reply;
  Disposition disposition;
  Reason reason;
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

HttpReply broken(TransportError error, bool sent, int status = 0) {
  HttpReply r;
  r.error = error;
  r.sent = sent;
  r.status = status;
  r.error_text = "words";
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
      {"ok", reply(200, choice(R"("content":"four")")), Disposition::answer, Reason::none},
      {"ok without finish_reason", reply(200, choice(R"("content":"four")", "null")), Disposition::answer,
       Reason::none},
      {"content in parts", reply(200, choice(R"("content":[{"type":"text","text":"four"}])")),
       Disposition::answer, Reason::none},
      {"content null", reply(200, choice(R"("content":null)")), Disposition::rejected, Reason::empty},
      {"content blank", reply(200, choice(R"("content":" \n")")), Disposition::rejected, Reason::empty},
      {"tool call", reply(200, choice(R"("content":null,"tool_calls":[])", "\"tool_calls\"")),
       Disposition::rejected, Reason::empty},
      {"cut off", reply(200, choice(R"("content":"fou")", "\"length\"")), Disposition::rejected,
       Reason::length},
      {"filtered answer", reply(200, choice(R"("content":"")", "\"content_filter\"")), Disposition::rejected,
       Reason::content_filter},
      {"refusal", reply(200, choice(R"("content":null,"refusal":"I cannot")")), Disposition::rejected,
       Reason::refusal},
      {"no choices", reply(200, R"({"choices":[]})"), Disposition::failed, Reason::wrong_schema},
      {"other JSON", reply(200, R"({"hello":1})"), Disposition::failed, Reason::wrong_schema},
      {"other JSON at first", reply(200, R"({"hello":1})"), Disposition::fatal, Reason::wrong_schema, false},
      {"a list", reply(200, "[1]"), Disposition::failed, Reason::wrong_schema},
      {"empty body", reply(200, ""), Disposition::retry, Reason::bad_body},
      {"web page", reply(200, "<html>busy</html>"), Disposition::retry, Reason::bad_body},
      {"cut JSON", reply(200, R"({"choices":[{"mess)"), Disposition::retry, Reason::bad_body},
      {"bytes that are no UTF-8", reply(200, choice("\"content\":\"a\xFF\xFE\"")), Disposition::answer,
       Reason::none},
      {"nested without end", reply(200, kDeep), Disposition::retry, Reason::bad_body},
      {"200 with error 429", reply(200, R"({"error":{"code":429,"message":"slow down"}})"),
       Disposition::throttled, Reason::rate_limited},
      {"200 with error '502'", reply(200, R"({"error":{"code":"502","message":"up"}})"), Disposition::retry,
       Reason::server_error},
      {"200 with error words", reply(200, R"({"error":"upstream failed"})"), Disposition::retry,
       Reason::server_error},
      {"200 with quota", reply(200, kQuota), Disposition::fatal, Reason::quota},
      {"200 with null error", reply(200, R"({"error":null,)" + choice(R"("content":"x")").substr(1)),
       Disposition::answer, Reason::none},
      {"redirect", reply(307, "", {{"location", "https://elsewhere/v1"}}), Disposition::fatal,
       Reason::redirect},
      {"400", reply(400, R"({"error":{"message":"bad temperature"}})"), Disposition::rejected,
       Reason::bad_request},
      {"400 OpenAI filter", reply(400, R"({"error":{"code":"content_filter"}})"), Disposition::rejected,
       Reason::content_filter},
      {"400 Azure filter",
       reply(400, R"({"error":{"code":"bad","innererror":{"code":"ResponsibleAIPolicyViolation"}}})"),
       Disposition::rejected, Reason::content_filter},
      {"400 too long",
       reply(400, R"({"object":"error","message":"maximum context length is 4096","code":400})"),
       Disposition::rejected, Reason::too_long},
      {"413", reply(413, ""), Disposition::rejected, Reason::too_long},
      {"422 FastAPI", reply(422, R"({"detail":"field required"})"), Disposition::rejected,
       Reason::bad_request},
      {"401", reply(401, R"({"error":{"message":"Incorrect API key"}})"), Disposition::fatal, Reason::denied},
      {"402", reply(402, R"({"error":{"message":"Insufficient Balance"}})"), Disposition::fatal,
       Reason::quota},
      {"403 at first", reply(403, ""), Disposition::fatal, Reason::denied, false},
      {"403 later", reply(403, "<html>blocked</html>"), Disposition::failed, Reason::denied},
      {"404 model", reply(404, R"({"error":{"code":"model_not_found"}})"), Disposition::fatal,
       Reason::no_model, false},
      {"404 address", reply(404, R"({"detail":"Not Found"})"), Disposition::fatal, Reason::no_such_address,
       false},
      {"404 later", reply(404, ""), Disposition::failed, Reason::no_such_address},
      {"405 at first", reply(405, ""), Disposition::fatal, Reason::no_such_address, false},
      {"408", reply(408, ""), Disposition::retry, Reason::timeout},
      {"409", reply(409, ""), Disposition::retry, Reason::conflict},
      {"429 OpenAI", reply(429, R"({"error":{"code":"rate_limit_exceeded"}})"), Disposition::throttled,
       Reason::rate_limited},
      {"429 Azure", reply(429, R"({"error":{"code":"429","message":"Requests have exceeded"}})"),
       Disposition::throttled, Reason::rate_limited},
      {"429 empty", reply(429, ""), Disposition::throttled, Reason::rate_limited},
      {"429 quota", reply(429, kQuota), Disposition::fatal, Reason::quota},
      {"500", reply(500, "oops"), Disposition::retry, Reason::server_error},
      {"501 at first", reply(501, ""), Disposition::fatal, Reason::no_such_address, false},
      {"502", reply(502, "<html>"), Disposition::retry, Reason::server_error},
      {"503", reply(503, ""), Disposition::throttled, Reason::overloaded},
      {"504", reply(504, ""), Disposition::retry, Reason::server_error},
      {"529", reply(529, ""), Disposition::throttled, Reason::overloaded},
      {"500, do not retry", reply(500, "", {{"x-should-retry", "false"}}), Disposition::failed,
       Reason::server_error},
      {"400, do retry", reply(400, "", {{"x-should-retry", "true"}}), Disposition::retry,
       Reason::bad_request},
      {"no such host", broken(TransportError::resolve, false), Disposition::throttled, Reason::unreachable},
      {"refused", broken(TransportError::connect, false), Disposition::throttled, Reason::unreachable},
      {"certificate", broken(TransportError::untrusted, false), Disposition::fatal, Reason::untrusted},
      {"proxy wants a password", broken(TransportError::proxy, false, 407), Disposition::fatal,
       Reason::proxy},
      {"proxy fails", broken(TransportError::proxy, false, 502), Disposition::throttled, Reason::proxy},
      {"too slow", broken(TransportError::timeout, true), Disposition::retry, Reason::timeout},
      {"reset", broken(TransportError::reset, true), Disposition::retry, Reason::reset},
      {"too big", broken(TransportError::too_big, true), Disposition::retry, Reason::too_big},
      {"not HTTP", broken(TransportError::not_http, true), Disposition::retry, Reason::bad_body},
  };
  return table;
}

TEST(Judge, PutsEveryReplyIntoItsClass) {
  for (const Row& row : rows()) {
    const Verdict verdict =
        judge(row.reply, {.worked = row.worked, .model = "m", .base_url = "https://h/v1"});
    EXPECT_EQ(static_cast<int>(verdict.disposition), static_cast<int>(row.disposition)) << row.name;
    EXPECT_EQ(verdict.reason, row.reason) << row.name;
    if (row.disposition == Disposition::fatal) {
      EXPECT_FALSE(verdict.hint.empty()) << row.name;
    }
  }
}

TEST(Judge, PaidIsWhatHeldAChoiceAndUnknownIsWhatWasSentWithoutAWholeReply) {
  for (const Row& row : rows()) {
    const Verdict verdict =
        judge(row.reply, {.worked = row.worked, .model = "m", .base_url = "https://h/v1"});
    EXPECT_EQ(verdict.paid,
              row.reply.body.find("finish_reason") != std::string::npos && verdict.reason != Reason::bad_body)
        << row.name;
    if (row.reply.error != TransportError::none) {
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
    EXPECT_EQ(static_cast<int>(verdict.disposition), static_cast<int>(Disposition::answer)) << usage;
    EXPECT_FALSE(verdict.usage.reported) << usage;
  }
}

TEST(Judge, KeepsATruncatedAnswerWhenAsked) {
  const Verdict verdict = judge(reply(200, choice(R"("content":"fou")", "\"length\"")),
                                {.keep_truncated = true, .worked = true, .model = "", .base_url = ""});
  EXPECT_EQ(static_cast<int>(verdict.disposition), static_cast<int>(Disposition::answer));
  EXPECT_EQ(verdict.text, "fou");
}

TEST(Judge, AMissingRouteNamesTheOther) {
  for (const char* body : {R"({"detail":"Not Found"})", "", "<html>nothing here</html>"}) {
    const auto hint = [&](const char* base_url) {
      return judge(reply(404, body), {.worked = false, .model = "m", .base_url = base_url}).hint;
    };
    EXPECT_NE(hint("http://h:8000/v1").find("endpoint.route=chat"), std::string::npos) << body;
    EXPECT_EQ(hint("http://h:8000").find("endpoint.route"), std::string::npos) << body;
    EXPECT_NE(hint("http://h:8000").find("usually ends with /v1"), std::string::npos) << body;
  }
}

TEST(Judge, QuotesAtMostAFewHundredCharactersOfTheServer) {
  const Verdict verdict = judge(reply(500, std::string(5'000'000, 'x')), {});
  EXPECT_LT(verdict.detail.size(), 400u);
}

}  // namespace
}  // namespace film::endpoint
