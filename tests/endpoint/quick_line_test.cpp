// A line that is read quickly gives what its JSON gives; a line that is not quite as film writes it is left to the JSON.
#include "endpoint/quick_line.h"

#include <gtest/gtest.h>

#include "endpoint/journal_line.h"

namespace film::endpoint {
namespace {

ChatResult answer(const std::string& text, bool usage) {
  ChatResult r;
  r.id = "12/3";
  r.outcome = ChatOutcome::ok;
  r.text = text;
  r.model = "a \"model\"";
  r.usage = {1'000'000'000, 7, usage};
  r.attempts = 3;
  r.unknown = 1;
  r.seconds = 0.1 + 0.2;
  return r;
}

std::string line_of(const ChatResult& result) {
  return to_line(journal_line({{1, 2}, 0.25}, result, "0123"));
}

void expect_same(const ChatResult& a, const ChatResult& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(name_of(a.outcome), name_of(b.outcome));
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.model, b.model);
  EXPECT_EQ(a.usage.prompt, b.usage.prompt);
  EXPECT_EQ(a.usage.completion, b.usage.completion);
  EXPECT_EQ(a.usage.reported, b.usage.reported);
  EXPECT_EQ(a.attempts, b.attempts);
  EXPECT_EQ(a.unknown, b.unknown);
  EXPECT_EQ(a.seconds, b.seconds);
  EXPECT_EQ(a.from_journal, b.from_journal);
}

TEST(QuickLine, EqualsTheJson) {
  for (const std::string& text :
       {std::string(), std::string("{\"question\": \"Wer?\", \"answer\": \"Größe\"}"),
        std::string("\"reason\": \"none\", \"usage\":{}"), std::string("a\\b\n\t\x01\x7f \U0001F600"),
        std::string(10'000, 'x'), std::string("bad \xff byte")}) {
    std::string line = line_of(answer(text, true));
    const ChatResult slow = result_from_line(line, "f");
    const std::optional<ChatResult> quick = quick_result(line);
    ASSERT_TRUE(quick) << line;
    expect_same(*quick, slow);
  }
}

TEST(QuickLine, LeavesOtherLinesToTheJson) {
  ChatResult rejected = answer("cut", true), refused = answer("no", true);
  rejected.outcome = ChatOutcome::rejected;
  rejected.reason = Reason::length;
  refused.detail = "the model declined";
  const std::string good = line_of(answer("x", true));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string line = good;
    return line.replace(line.find(from), from.size(), to);
  };
  for (std::string line :
       {line_of(rejected), line_of(refused), line_of(answer("x", false)), with("\"ok\"", "\"fine\""),
        with("\"attempts\":3", "\"attempts\":\"3\""), with("\"unknown\"", "\"unheard\""),
        with("\"text\":\"x\"", "\"text\":1"), with("\"text\":\"x\"", "\"text\":\"x"),
        with("\"seconds\":", "\"seconds\":x"), std::string("{}"), std::string()})
    EXPECT_FALSE(quick_result(line)) << line;
}

}  // namespace
}  // namespace film::endpoint
