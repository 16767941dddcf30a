#pragma once
// Signals that ask a running command to stop in good order: Ctrl-C, the end of a session or a job, and the early warnings
// of batch systems.
#include <string>

namespace film {

// Installs the handlers for SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU, whatever the parent process had blocked. An
// ignored SIGINT or SIGHUP stays ignored (`command &` in a script, nohup). Writing past a limit on file sizes, or to a
// closed pipe, is an error of the write from here on, and ends nothing. A mapped file that shrinks while it is read
// (SIGBUS) ends the process with 74 and a message. A second SIGINT ends the process at once.
void catch_stop_signals();
// The signal that asked to stop, or 0. Long loops look once per item.
int stop_signal();
// "Ctrl-C", "SIGTERM", "SIGUSR1 (a batch system's warning)"
std::string signal_name(int signal);
// Throws Error(stopped) when a stop was asked for. `done` says what is safe on disk.
void throw_if_stopped(const char* done);

// Opens /dev/null in place of a standard descriptor that is closed, so that no file of ours gets its number and, with it,
// the messages. Call it before anything is opened.
void fill_standard_descriptors();

}  // namespace film
