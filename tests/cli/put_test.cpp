// Results on stdout: text from outside commands no terminal, and JSON still means the same.
#include "cli/put.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>

namespace film::cli {
namespace {

std::string put(const std::function<void()>& write) {
  ::testing::internal::CaptureStdout();
  write();
  std::fflush(stdout);
  return ::testing::internal::GetCapturedStdout();
}

TEST(Put, TextIsShown) {
  EXPECT_EQ(put([] { put_text("a\x1b[2J\u009b1m\tb\u202e\n"); }), "a\\x1b[2J\\u009b1m\tb\\u202e\n");
}

TEST(Put, JsonMeansTheSame) {
  for (const std::string& text :
       {std::string("a\x1b\x7f\u009b\u0085"), std::string("\u202e\u2066 \u200f\u061c"),
        std::string("\\u0041 \"quoted\" \\\\ 秘密 👩‍👩‍👧\tand\nmore")}) {
    const Json value = {{text, Json::array({text, 1.5, nullptr})}};
    const std::string written = put([&] { put_json(value); });
    EXPECT_EQ(Json::parse(written), value) << written;
    for (const char c : written) EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ' || c == '\n') << written;
    for (const char* sign : {"\x7f", "\u009b", "\u0085", "\u202e", "\u2066", "\u200f", "\u061c"})
      EXPECT_EQ(written.find(sign), std::string::npos) << written;
  }
}

}  // namespace
}  // namespace film::cli
