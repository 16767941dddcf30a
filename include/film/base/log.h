#pragma once
// Messages for people, on stderr. stdout carries results only.
#include <string_view>

namespace film {

// verbosity: -1 quiet (warnings and errors), 0 normal, 1 and more debug. Colour only on a terminal without NO_COLOR.
void start_logging(int verbosity);
void debug(std::string_view message);
void info(std::string_view message);
void warn(std::string_view message);
// With what to do about it on a line of its own, whatever the verbosity.
void error(std::string_view message, std::string_view hint = "");
// A stop in good order, which is no error: what was kept and how to go on, whatever the verbosity.
void say_stopped(std::string_view message, std::string_view hint);
bool info_wanted();         // not quiet
bool stderr_is_terminal();  // a terminal that can move its cursor (TERM is not dumb)
bool colour_wanted();       // stderr_is_terminal() and NO_COLOR unset

}  // namespace film
