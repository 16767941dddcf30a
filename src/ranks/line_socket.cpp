#include "line_socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "film/base/error.h"

namespace film::ranks {
namespace {

constexpr int kSendSeconds = 5;

bool ready(int descriptor, short events, std::chrono::milliseconds within) {
  pollfd entry{descriptor, events, 0};
  return ::poll(&entry, 1, static_cast<int>(within.count())) > 0;
}

void set_blocking(int descriptor, bool blocking) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  ::fcntl(descriptor, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

bool connects(int descriptor, const addrinfo& address, std::chrono::milliseconds within) {
  set_blocking(descriptor, false);
  if (::connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 &&
      (errno != EINPROGRESS || !ready(descriptor, POLLOUT, within)))
    return false;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  set_blocking(descriptor, true);
  return error == 0;
}

}  // namespace

LineSocket::LineSocket(FileDescriptor connection)
    : connection_(std::move(connection)), sending_(std::make_unique<std::mutex>()) {
  const int on = 1;
  ::setsockopt(connection_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval limit{kSendSeconds, 0};
  ::setsockopt(connection_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

std::string LineSocket::local_address() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  char text[NI_MAXHOST] = "";
  if (::getsockname(connection_.get(), any, &size) != 0 ||
      ::getnameinfo(any, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  constexpr std::string_view kMapped = "::ffff:";  // IPv4 on a socket of both
  return std::string_view(text).starts_with(kMapped) ? text + kMapped.size() : text;
}

bool LineSocket::send(const std::string& line) {
  const std::lock_guard lock(*sending_);
  const std::string text = line + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t taken = ::send(connection_.get(), text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (taken < 0 && errno == EINTR) continue;
    if (taken <= 0) return false;
    done += static_cast<std::size_t>(taken);
  }
  return true;
}

bool LineSocket::receive(std::vector<std::string>& lines) {
  bool open = true;
  char bytes[4096];
  while (true) {
    const ssize_t taken = ::recv(connection_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (taken < 0 && errno == EINTR) continue;
    open = taken > 0 || (taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
    if (taken <= 0) break;
    rest_.append(bytes, static_cast<std::size_t>(taken));
  }
  for (std::size_t end = 0; (end = rest_.find('\n')) != std::string::npos; rest_.erase(0, end + 1))
    lines.push_back(rest_.substr(0, end));
  return open;
}

Listener::Listener() {
  // Both families where the system has IPv6, else IPv4 alone.
  for (const int family : {AF_INET6, AF_INET}) {
    socket_ = FileDescriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket_.is_open()) continue;
    sockaddr_storage address{};
    address.ss_family = static_cast<sa_family_t>(family);
    const int both = 0;
    if (family == AF_INET6) ::setsockopt(socket_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &both, sizeof both);
    socklen_t size = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.get(), any, size) != 0 || ::listen(socket_.get(), SOMAXCONN) != 0) continue;
    ::getsockname(socket_.get(), any, &size);
    port_ = ntohs(family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(any)->sin6_port
                                     : reinterpret_cast<sockaddr_in*>(any)->sin_port);
    return;
  }
  throw os_error("cannot listen for the other ranks: " + errno_text(errno),
                 "does this machine allow TCP connections?");
}

std::optional<LineSocket> Listener::accept(std::chrono::milliseconds within) {
  if (!ready(socket_.get(), POLLIN, within)) return std::nullopt;
  FileDescriptor connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!connection.is_open()) return std::nullopt;
  return LineSocket(std::move(connection));
}

std::optional<LineSocket> connect_to(const std::string& host, int port, std::chrono::milliseconds within) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    FileDescriptor connection(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connection.is_open() && connects(connection.get(), *address, within))
      return LineSocket(std::move(connection));
  }
  return std::nullopt;
}

}  // namespace film::ranks
