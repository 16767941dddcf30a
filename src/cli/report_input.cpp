#include "report_input.h"

#include <fmt/chrono.h>

#include <ctime>

#include "shell_line.h"

namespace film::cli {

void sign(report::ReportInput& input, const ProgramInfo& program) {
  input.date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  input.command = film_line(program.command_line);
  input.provenance = {{"film", program.build}};
}

}  // namespace film::cli
