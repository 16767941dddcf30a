#include "curl_events.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "film/base/clock.h"
#include "film/base/error.h"

namespace film::endpoint {

CurlEvents::CurlEvents() : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!poll_.is_open())
    throw os_error("epoll: " + errno_text(errno), "raise the limit on open files (ulimit -n)");
}

void CurlEvents::watch(CURLM* multi) {
  multi_ = multi;
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
}

int CurlEvents::on_timer(CURLM*, long milliseconds, void* self) {
  auto& events = *static_cast<CurlEvents*>(self);
  events.due_ = milliseconds < 0 ? -1 : steady_seconds() + static_cast<double>(milliseconds) / 1000;
  return 0;
}

// `known` is what was assigned to the socket: nothing when it is new.
int CurlEvents::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  auto& events = *static_cast<CurlEvents*>(self);
  epoll_event wanted{};
  wanted.data.fd = socket;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) wanted.events |= EPOLLIN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) wanted.events |= EPOLLOUT;
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(events.poll_.get(), EPOLL_CTL_DEL, socket, &wanted);
    return 0;
  }
  if (::epoll_ctl(events.poll_.get(), known != nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &wanted) != 0)
    return -1;  // libcurl gives the requests up
  curl_multi_assign(events.multi_, socket, self);
  return 0;
}

void CurlEvents::run_due() {
  if (due_ < 0 || steady_seconds() < due_) return;
  due_ = -1;
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

void CurlEvents::wait(double seconds) {
  if (due_ >= 0) seconds = std::min(seconds, std::max(0.0, due_ - steady_seconds()));
  std::array<epoll_event, 256> events;
  const int count = ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(seconds * 1000 + 0.999));
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    int what = 0, running = 0;
    if ((event.events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
    if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
    if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR;
    curl_multi_socket_action(multi_, event.data.fd, what, &running);
  }
  run_due();
}

}  // namespace film::endpoint
