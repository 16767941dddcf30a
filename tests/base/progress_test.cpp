// Messages for people: progress, errors and their hints.
#include "film/base/progress.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "film/base/log.h"
#include "film/base/signals.h"
#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;

TEST(Progress, APlainLineAtTheEndAndNoneBefore) {
  testing::internal::CaptureStderr();
  {
    Progress progress("segments", 2000, "documents");
    for (int i = 0; i < 1500; ++i) progress.advance();
    progress.note("loss 2.31");
    progress.finish();
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, testing::StartsWith("segments: 1,500 documents in < 0.1 s ("));
  EXPECT_THAT(text, HasSubstr("documents/s) · loss 2.31\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "no control characters off a terminal";
}

// What an action prints on stderr at a verbosity; the normal one is set again behind it.
std::string printed(int verbosity, const std::function<void()>& action) {
  start_logging(verbosity);
  testing::internal::CaptureStderr();
  action();
  start_logging(0);
  return testing::internal::GetCapturedStderr();
}

TEST(Progress, QuietIsQuiet) {
  const auto run = [] {
    Progress progress("segments", 3, "documents");
    progress.advance(3);
    progress.finish();
  };
  EXPECT_EQ(printed(-1, run), "");
  EXPECT_THAT(printed(0, run), testing::StartsWith("segments: 3 documents"));
}

TEST(Log, AnErrorKeepsItsHintWhenQuiet) {
  for (const int verbosity : {-1, 0, 1})
    EXPECT_EQ(printed(verbosity, [] { error("no such file: x", "check {the} name"); }),
              "error: no such file: x\n  check {the} name\n");
  EXPECT_EQ(printed(-1, [] { error("alone"); }), "error: alone\n");
}

TEST(Log, QuietLeavesWarnings) {
  const auto talk = [] {
    debug("d");
    info("i");
    warn("w");
  };
  EXPECT_EQ(printed(-1, talk), "warning: w\n");
  EXPECT_EQ(printed(0, talk), "info: i\nwarning: w\n");
  EXPECT_EQ(printed(1, talk), "debug: d\ninfo: i\nwarning: w\n");
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
            failure == "75 stopped by SIGTERM; three steps are saved | run the same command again to go on";
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

TEST(Signals, AMappedFileThatShrinksIsAMessage) {
  const testing_base::TempFolder folder;
  const fs::path file = folder.put("f", std::string(3 << 12, 'x'));
  EXPECT_EXIT(
      {
        catch_stop_signals();
        const int fd = ::open(file.c_str(), O_RDONLY);
        const auto* bytes = static_cast<const char*>(::mmap(nullptr, 3 << 12, PROT_READ, MAP_SHARED, fd, 0));
        fs::resize_file(file, 10);
        _exit(bytes[2 << 12]);
      },
      testing::ExitedWithCode(74), "has become shorter");
}

}  // namespace
}  // namespace film
