#include "film/base/signals.h"

#include <csignal>
#include <string>

#include "film/base/error.h"

namespace film {
namespace {

volatile std::sig_atomic_t caught = 0;

extern "C" void remember(int signal) {
  if (caught != 0 && signal == SIGINT) std::_Exit(128 + SIGINT);
  caught = signal;
}

}  // namespace

void catch_stop_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) std::signal(signal, remember);
  std::signal(SIGPIPE, SIG_IGN);
}

int stop_signal() { return caught; }

void throw_if_stopped(const char* done) {
  if (caught == 0) return;
  throw stopped("stopped by signal " + std::to_string(caught) + "; " + done,
                "run the same command again to go on");
}

}  // namespace film
