#include "film/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "film/base/log_name.h"
#include "film/base/strings.h"
#include "film/base/terminal.h"
#include "film/base/unicode.h"

namespace film {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> shared = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
        colour_wanted() ? spdlog::color_mode::always : spdlog::color_mode::never);
    auto made = std::make_shared<spdlog::logger>("film", sink);
    made->set_pattern("%^%l:%$ %v");
    return made;
  }();
  return *shared;
}

// A line with options is a command line to copy: a terminal joins the lines of its own making again, not ours.
bool may_be_copied(std::string_view line) {
  for (std::size_t at = 0; (at = line.find(" -", at)) != std::string_view::npos; at += 2)
    if (at + 2 < line.size() && (line[at + 2] == '-' || is_ascii_lower(line[at + 2]))) return true;
  return false;
}

// A text behind `begin` columns as it is shown. On a terminal it is broken at blanks.
std::string shown(std::string_view text, std::size_t begin) {
  const std::string whole = printable(text);
  if (!stderr_is_terminal()) return whole;
  std::vector<std::string> lines;
  for (const std::string_view line : split(whole, "\n")) {
    const int column = lines.empty() ? static_cast<int>(begin) : 0;
    lines.push_back(may_be_copied(line) ? std::string(line) : wrapped(line, terminal_columns(), 2, column));
  }
  return join(lines, "\n");
}

}  // namespace

void start_logging(int verbosity) {
  logger().set_level(verbosity < 0    ? spdlog::level::warn
                     : verbosity == 0 ? spdlog::level::info
                                      : spdlog::level::debug);
}

void log_errors_as(std::string_view name) {
  logger().set_level(spdlog::level::err);
  logger().set_pattern(std::string(name) + ": %^%l:%$ %v");
}

void debug(std::string_view message) { logger().debug(shown(message, sizeof "debug:")); }
void info(std::string_view message) { logger().info(shown(message, sizeof "info:")); }
void warn(std::string_view message) { logger().warn(shown(message, sizeof "warning:")); }

void error(std::string_view message, std::string_view hint) {
  if (hint.empty())
    logger().error(shown(message, sizeof "error:"));
  else
    logger().error("{}\n  {}", shown(message, sizeof "error:"), shown(hint, 2));
}

void say_stopped(std::string_view message, std::string_view hint) {
  logger().flush();
  std::fprintf(stderr, "%s\n  %s\n", shown(message, 0).c_str(), shown(hint, 2).c_str());
}

bool info_wanted() { return logger().should_log(spdlog::level::info); }

bool stderr_is_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) != 0 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

bool colour_wanted() {
  const char* no_colour = std::getenv("NO_COLOR");
  return stderr_is_terminal() && (no_colour == nullptr || *no_colour == '\0');
}

}  // namespace film
