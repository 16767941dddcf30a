#include "film/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "film/base/terminal.h"

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

}  // namespace

void start_logging(int verbosity) {
  logger().set_level(verbosity < 0    ? spdlog::level::warn
                     : verbosity == 0 ? spdlog::level::info
                                      : spdlog::level::debug);
}

void debug(std::string_view message) { logger().debug(printable(message)); }
void info(std::string_view message) { logger().info(printable(message)); }
void warn(std::string_view message) { logger().warn(printable(message)); }

void error(std::string_view message, std::string_view hint) {
  if (hint.empty())
    logger().error(printable(message));
  else
    logger().error("{}\n  {}", printable(message), printable(hint));
}

void say_stopped(std::string_view message, std::string_view hint) {
  logger().flush();
  std::fprintf(stderr, "%s\n  %s\n", printable(message).c_str(), printable(hint).c_str());
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
