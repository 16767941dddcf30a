// Texts for people: durations, numbers, progress, errors.
#include "film/base/progress.h"

#include "film/base/signals.h"
#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;

TEST(Progress, Durations) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(3.4), "3 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(245), "4 min 05 s");
  EXPECT_EQ(duration_text(3599.6), "1 h 00 min");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
  EXPECT_EQ(duration_text(360'000), "100 h 00 min");
}

TEST(Progress, GroupedNumbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Progress, APlainLineAtTheEndAndNoneBefore) {
  testing::internal::CaptureStderr();
  {
    Progress progress("segments", 2000, "documents");
    for (int i = 0; i < 1500; ++i) progress.advance();
    progress.note("loss 2.31");
    progress.finish();
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, testing::StartsWith("segments: 1,500 documents in 0 s ("));
  EXPECT_THAT(text, HasSubstr("documents/s) · loss 2.31\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "no control characters off a terminal";
}

// Exit codes are fixed for good: scripts and schedulers depend on them.
TEST(Error, ExitCodesAreFixed) {
  using Maker = Error (*)(std::string, std::string);
  const std::vector<std::pair<Maker, int>> makers = {{usage_error, 2},  {bad_data, 65},       {no_input, 66},
                                                     {unavailable, 69}, {internal_error, 70}, {os_error, 71},
                                                     {io_error, 74},    {cannot_create, 73},  {stopped, 75},
                                                     {denied, 77},      {config_error, 78},   {diverged, 79}};
  for (const auto& [make, code] : makers) {
    const Error error = make("what", "hint");
    EXPECT_EQ(static_cast<int>(error.code()), code);
    EXPECT_STREQ(error.what(), "what");
    EXPECT_EQ(error.hint(), "hint");
  }
}

TEST(Signals, AskToStopOnce) {
  EXPECT_EQ(testing_base::failure_of([] { throw_if_stopped("nothing"); }), "no error");
  EXPECT_EXIT(
      {
        catch_stop_signals();
        raise(SIGTERM);
        const std::string failure =
            testing_base::failure_of([] { throw_if_stopped("three steps are saved"); });
        const bool right =
            failure == "75 stopped by signal 15; three steps are saved | run the same command again to go on";
        _exit(right && stop_signal() == SIGTERM ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
  EXPECT_EXIT(
      {
        catch_stop_signals();
        raise(SIGINT);
        raise(SIGINT);
        _exit(0);
      },
      testing::ExitedWithCode(130), "");
}

}  // namespace
}  // namespace film
