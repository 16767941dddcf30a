// film: one binary, one command per file of this folder.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <new>
#include <system_error>

#include "build.h"
#include "command.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/settings.h"
#include "film/base/signals.h"
#include "page.h"
#include "program.h"

namespace {

// For people on stderr; with --json for programs on stdout, too.
int report(const film::Error& failure, bool json) {
  if (json) std::fputs(film::to_pretty(film::cli::error_json(failure)).c_str(), stdout);
  if (failure.code() == film::ExitCode::stopped)
    film::say_stopped(failure.what(), failure.hint());
  else
    film::error(failure.what(), failure.hint());
  return static_cast<int>(failure.code());
}

// Runs the chosen command; the only place where exceptions end.
int guarded(const film::cli::Run& run, const film::ProgramInfo& program, bool json) {
  const auto report_as = [&](const film::Error& failure) { return report(failure, json); };
  try {
    run(program);
    film::cli::finish_stdout();
    return 0;
  } catch (const film::Error& failure) {
    return report_as(failure);
  } catch (const std::system_error& failure) {  // of files
    return report_as(
        film::io_error(failure.what(), "check the folder and the disk, then run the same command again"));
  } catch (const std::bad_alloc&) {
    return report_as(
        film::os_error("the system refuses more memory",
                       "use a machine or a job with more memory, or raise its limit (ulimit -v)"));
  } catch (const std::exception& failure) {
    return report_as(film::internal_error(std::string("internal error: ") + failure.what(),
                                          "this is a bug in film: please report it with the command line"));
  }
}

}  // namespace

int main(int argc, char** argv) {
  film::fill_standard_descriptors();
  // Results go out in one piece at the end, so that what a full disk says about them is not lost on the way.
  static char results[1 << 18];  // the C library takes a size only with a buffer
  std::setvbuf(stdout, results, _IOFBF, sizeof results);
  const std::vector<std::string> line{argv, argv + argc};
  const bool json = std::ranges::find(line, "--json") != line.end();
  CLI::App app;
  film::cli::Run run;
  film::cli::GeneralOptions general;
  film::cli::describe_program(app, run, &general);
  if (argc < 2) {
    std::fputs(film::cli::help_text(film::cli::page_of(app, "film")).c_str(), stdout);
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const std::string name = film::cli::asked_for(app);
    std::fputs(film::cli::help_text(film::cli::page_of(film::cli::deepest(app), name)).c_str(), stdout);
    return 0;
  } catch (const CLI::ParseError& failure) {
    if (failure.get_exit_code() == 0) return app.exit(failure);  // --version
    return report(film::cli::usage_of(failure, app), json);
  }
  film::start_logging(general.quiet ? -1 : general.verbose);
  film::catch_stop_signals();
  return guarded(run, {film::cli::build_json(), line}, json);
}
