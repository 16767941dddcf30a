#pragma once
// The one exception type of film, caught once in main. Expected failures of single items (a refused answer, a
// bad corpus line) are counted values, never exceptions.
#include <exception>
#include <string>

namespace film {

// Exit codes, fixed for good (sysexits where one fits). Documented in docs/formats.md.
enum class ExitCode : int {
  ok = 0,
  usage = 2,
  bad_data = 65,
  no_input = 66,
  unavailable = 69,
  internal = 70,
  os_error = 71,
  cannot_create = 73,
  io_error = 74,
  stopped = 75,  // stopped in good order: the same command resumes
  denied = 77,
  config = 78,
  diverged = 79,
};

// what(): subject, expected, got. hint(): what to do next (may be empty).
class Error : public std::exception {
 public:
  Error(ExitCode code, std::string what, std::string hint = {});
  const char* what() const noexcept override { return what_.c_str(); }
  const std::string& hint() const noexcept { return hint_; }
  ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
  std::string what_;
  std::string hint_;
};

// Named makers, one per exit code: `throw bad_data("corpus.jsonl:12: not a JSON object", "remove the line")`.
Error usage_error(std::string what, std::string hint = {});
Error bad_data(std::string what, std::string hint = {});
Error no_input(std::string what, std::string hint = {});
Error unavailable(std::string what, std::string hint = {});
Error internal_error(std::string what, std::string hint = {});
Error os_error(std::string what, std::string hint = {});
Error cannot_create(std::string what, std::string hint = {});
Error io_error(std::string what, std::string hint = {});
Error stopped(std::string what, std::string hint = {});
Error denied(std::string what, std::string hint = {});
Error config_error(std::string what, std::string hint = {});
Error diverged(std::string what, std::string hint = {});

// The text of an errno value, e.g. "No space left on device".
std::string errno_text(int error);

}  // namespace film
