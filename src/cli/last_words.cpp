#include "last_words.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <new>
#include <string_view>
#include <system_error>

#include "film/base/log.h"
#include "program.h"
#include "put.h"

namespace film::cli {
namespace {

constexpr const char* kNoMemory = "the system refuses more memory";
constexpr const char* kMoreMemory = "use a machine or a job with more memory, or raise its limit (ulimit -v)";

bool json_wanted = false;

void put(int descriptor, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts)
    if (::write(descriptor, text.data(), text.size()) < 0) return;  // nobody is left to tell
}

// Nothing here allocates: memory is what is missing.
[[noreturn]] void end_without_memory() {
  if (json_wanted)
    put(STDOUT_FILENO,
        {R"({"error": {"code": 71, "message": ")", kNoMemory, R"(", "hint": ")", kMoreMemory, "\"}}\n"});
  put(STDERR_FILENO, {"error: ", kNoMemory, "\n  ", kMoreMemory, "\n"});
  std::_Exit(static_cast<int>(ExitCode::os_error));
}

[[noreturn]] void last_words() {
  const std::exception_ptr exception = std::current_exception();
  try {
    const int code =
        report(exception ? as_error(exception) : internal_error("internal error: terminated"), json_wanted);
    std::fflush(stdout);
    std::_Exit(code);
  } catch (...) {
    end_without_memory();
  }
}

// Before the program's other static objects are made. Where memory is refused the program ends at once, as if it were
// killed, and what is on disk is as after a kill: libraries whose objects are half made do not survive an exception.
__attribute__((constructor(101))) void install() {
  std::set_terminate(last_words);
  std::set_new_handler(end_without_memory);
}

}  // namespace

namespace {

// The system's own words, without the library's.
Error of_system(const std::string& what, const std::error_code& code) {
  const std::string text = what + code.message();
  for (const std::errc refused : {std::errc::too_many_files_open, std::errc::too_many_files_open_in_system,
                                  std::errc::resource_unavailable_try_again, std::errc::not_enough_memory})
    if (code == refused)
      return os_error(text, "raise the limits of the process: ulimit -n (files), -u (threads), -v (memory)");
  return io_error(text, "check the folder and the disk, then run the same command again");
}

}  // namespace

Error as_error(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& failure) {
    return failure;
  } catch (const std::filesystem::filesystem_error& failure) {
    const std::string other = failure.path2().empty() ? "" : " and " + failure.path2().string();
    return of_system("working with " + failure.path1().string() + other + " failed: ", failure.code());
  } catch (const std::system_error& failure) {
    return of_system("", failure.code());
  } catch (const std::bad_alloc&) {
    return os_error(kNoMemory, kMoreMemory);
  } catch (const std::exception& failure) {
    return internal_error(std::string("internal error: ") + failure.what(),
                          "this is a bug in film: please report it with the command line");
  }
}

int report(const Error& failure, bool json) {
  if (*failure.what() == '\0') return static_cast<int>(failure.code());
  if (json) put_json(error_json(failure));
  if (failure.code() == ExitCode::stopped)
    say_stopped(failure.what(), failure.hint());
  else
    error(failure.what(), failure.hint());
  return static_cast<int>(failure.code());
}

void say_last_words_as_json() { json_wanted = true; }

}  // namespace film::cli
