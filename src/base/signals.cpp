#include "film/base/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

#include "film/base/error.h"

namespace film {
namespace {

volatile std::sig_atomic_t caught = 0;

extern "C" void remember(int signal) {
  if (caught != 0 && signal == SIGINT) std::_Exit(128 + SIGINT);
  caught = signal;
}

// Nothing can be thrown from here, and nothing allocated.
extern "C" void mapped_file_is_gone(int) {
  constexpr std::string_view kMessage =
      "error: a file has become shorter while it was read, or its disk has failed\n"
      "  run the same command again when nothing writes to the inputs\n";
  if (::write(STDERR_FILENO, kMessage.data(), kMessage.size()) < 0)
    std::_Exit(static_cast<int>(ExitCode::io_error));
  std::_Exit(static_cast<int>(ExitCode::io_error));
}

bool is_ignored(int signal) {
  struct sigaction present {};
  return ::sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

void unblock(const sigset_t& signals) { ::sigprocmask(SIG_UNBLOCK, &signals, nullptr); }

}  // namespace

void catch_stop_signals() {
  sigset_t all;
  sigemptyset(&all);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU}) {
    sigaddset(&all, signal);
    if ((signal == SIGINT || signal == SIGHUP) && is_ignored(signal)) continue;
    std::signal(signal, remember);
  }
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  std::signal(SIGBUS, mapped_file_is_gone);
  unblock(all);
}

int stop_signal() { return caught; }

std::string signal_name(int signal) {
  switch (signal) {
    case SIGINT:
      return "Ctrl-C";
    case SIGTERM:
      return "SIGTERM";
    case SIGHUP:
      return "SIGHUP (the terminal or session has ended)";
    case SIGUSR1:
      return "SIGUSR1 (a batch system's warning)";
    case SIGUSR2:
      return "SIGUSR2 (a batch system's warning)";
    case SIGXCPU:
      return "SIGXCPU (the limit on processor time is near)";
    default:
      return "signal " + std::to_string(signal);
  }
}

void throw_if_stopped(const char* done) {
  if (caught == 0) return;
  throw stopped("stopped by " + signal_name(caught) + "; " + done, "run the same command again to go on");
}

void fill_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(descriptor, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != descriptor) std::_Exit(71);
}

}  // namespace film
