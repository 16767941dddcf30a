#pragma once
// SIGINT, SIGTERM and SIGUSR1 (Slurm's early warning) ask a running verb to stop in good order.
namespace film {

// Installs the handlers; a second SIGINT ends the process at once.
void catch_stop_signals();
// The signal that asked to stop, or 0. Long loops look once per item.
int stop_signal();
// Throws Error(stopped) when a stop was asked for. `done` says what is safe on disk.
void throw_if_stopped(const char* done);

}  // namespace film
