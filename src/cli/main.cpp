// film: one binary, one command per file of this folder.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <new>
#include <optional>
#include <system_error>

#include "build.h"
#include "command.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/settings.h"
#include "film/base/signals.h"
#include "film/base/suggest.h"

namespace {

int report(const film::Error& failure) {
  if (failure.code() == film::ExitCode::stopped)
    film::say_stopped(failure.what(), failure.hint());
  else
    film::error(failure.what(), failure.hint());
  return static_cast<int>(failure.code());
}

// "there is no command "trian"; did you mean "train"?" when the command line names an unknown one.
std::optional<film::Error> unknown_command(int argc, char** argv) {
  const auto word = std::find_if(argv + 1, argv + argc, [](const char* text) { return text[0] != '-'; });
  if (word == argv + argc) return std::nullopt;
  std::vector<std::string> known;
  for (const film::cli::Command& command : film::cli::commands()) known.emplace_back(command.name);
  if (std::ranges::find(known, *word) != known.end()) return std::nullopt;
  return film::usage_error(std::string("there is no command \"") + *word + "\"",
                           "did you mean \"" + film::nearest(*word, known) + "\"? film --help lists all");
}

// Results on stdout must not be lost without a word. A reader that has closed it wants no more.
void finish_stdout() {
  const bool failed_before = std::ferror(stdout) != 0;  // errno of then is gone
  const bool failed = std::fflush(stdout) != 0;
  if (failed && errno == EPIPE) return;
  if (failed || failed_before)
    throw film::io_error("writing to standard output failed" + (failed ? ": " + film::errno_text(errno) : ""),
                         "make room where the output goes, then run the same command again");
}

// Runs the chosen command; the only place where exceptions end.
int guarded(const film::cli::Run& run, const film::ProgramInfo& program) {
  try {
    run(program);
    finish_stdout();
    return 0;
  } catch (const film::Error& failure) {
    return report(failure);
  } catch (const std::system_error& failure) {  // of files
    return report(
        film::io_error(failure.what(), "check the folder and the disk, then run the same command again"));
  } catch (const std::bad_alloc&) {
    return report(film::os_error("the system refuses more memory",
                                 "use a machine or a job with more memory, or raise its limit (ulimit -v)"));
  } catch (const std::exception& failure) {
    return report(film::internal_error(std::string("internal error: ") + failure.what(),
                                       "this is a bug in film: please report it with the command line"));
  }
}

}  // namespace

int main(int argc, char** argv) {
  film::fill_standard_descriptors();
  // Results go out in one piece at the end, so that what a full disk says about them is not lost on the way.
  static char results[1 << 18];  // the C library takes a size only with a buffer
  std::setvbuf(stdout, results, _IOFBF, sizeof results);
  CLI::App app{
      "film: information-intensive (IN2) training for long-context language models.\n"
      "Stages: synth (corpus -> contexts), qa (questions and answers), train, eval."};
  app.set_version_flag("--version", [] { return film::cli::version_text(); });
  app.require_subcommand(1);
  int verbose = 0;
  bool quiet = false;
  app.add_flag("-v,--verbose", verbose, "More messages on stderr");
  app.add_flag("-q,--quiet", quiet, "Warnings and errors only");
  app.fallthrough();

  film::cli::Run run;
  for (const film::cli::Command& command : film::cli::commands()) command.add(app, run);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    if (failure.get_exit_code() != 0)
      if (const auto unknown = unknown_command(argc, argv)) return report(*unknown);
    return app.exit(failure) == 0 ? 0 : static_cast<int>(film::ExitCode::usage);
  }
  film::start_logging(quiet ? -1 : verbose);
  film::catch_stop_signals();
  return guarded(run, {film::cli::build_json(), {argv, argv + argc}});
}
