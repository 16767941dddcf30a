// A line of contexts that is read quickly gives what its JSON gives; any other line is left to the JSON.
#include "folders/context_line.h"

#include <gtest/gtest.h>

namespace film::folders {
namespace {

Context context_of(std::size_t segments) {
  Context context;
  context.id = 18'446'744'073'709'551'615U;
  context.kind = ContextKind::short_text;
  context.split = Split::validation;
  context.target_tokens = 4'294'967'295U;
  context.tokens = 0;
  for (std::size_t i = 0; i < segments; ++i) context.segments.push_back(static_cast<std::uint32_t>(977 * i));
  if (segments > 2) context.evidence = {0, static_cast<std::uint32_t>(segments - 1)};
  return context;
}

TEST(ContextLine, EqualsTheJson) {
  for (const std::size_t segments : {0U, 1U, 3U, 200U}) {
    const Json json = to_json(context_of(segments));
    std::string line = to_line(json);
    const std::optional<Context> quick = quick_context(line);
    ASSERT_TRUE(quick) << line;
    EXPECT_EQ(to_json(*quick), json);
  }
}

TEST(ContextLine, MayHaveFurtherMembers) {
  for (const std::uint64_t twin_of : {0UL, 7UL, 18'446'744'073'709'551'615UL})
    for (const bool both : {false, true}) {
      Context context = context_of(3);
      context.twin_of = twin_of;
      if (both) context.alike = 12;
      std::string line = to_line(to_json(context));
      const std::optional<Context> quick = quick_context(line);
      ASSERT_TRUE(quick) << line;
      EXPECT_EQ(to_json(*quick), to_json(context));
    }
  Context context = context_of(3);
  context.alike = 0;
  std::string line = to_line(to_json(context));
  EXPECT_EQ(quick_context(line).value().alike, 0u);
}

TEST(ContextLine, LeavesOtherLinesToTheJson) {
  const std::string good = to_line(to_json(context_of(3)));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string line = good;
    return line.replace(line.find(from), from.size(), to);
  };
  for (std::string line : {std::string(), std::string("[]"), good.substr(0, good.size() - 1), good + "}",
                           good + " x", with("\"short\"", "\"tiny\""), with("\"tokens\":0", "\"tokens\":-1"),
                           with("\"tokens\":0", "\"tokens\":1.5"), with("4294967295", "4294967296"),
                           with("[0,977,", "[0,\"977\","), with("\"split\"", "\"part\""),
                           with("\"evidence\":[0,2]", "\"evidence\":[0,2"),
                           with("\"evidence\":[0,2]", "\"evidence\":[0,2],\"more\":1")})
    EXPECT_FALSE(quick_context(line)) << line;
}

}  // namespace
}  // namespace film::folders
