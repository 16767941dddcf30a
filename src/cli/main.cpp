// film: one binary, one command per file of this folder.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "build.h"
#include "command.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/settings.h"
#include "film/base/signals.h"
#include "last_words.h"
#include "page.h"
#include "program.h"

namespace {

// Runs the chosen command.
int guarded(const film::cli::Run& run, const film::ProgramInfo& program, bool json) {
  try {
    run(program);
    film::cli::finish_stdout();
    return 0;
  } catch (...) {
    return film::cli::report(film::cli::as_error(std::current_exception()), json);
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
  if (json) film::cli::say_last_words_as_json();
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
    return film::cli::report(film::cli::usage_of(failure, app), json);
  }
  film::start_logging(general.quiet ? -1 : general.verbose);
  film::catch_stop_signals();
  return guarded(run, {film::cli::build_json(), line}, json);
}
