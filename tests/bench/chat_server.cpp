// A chat-completions server that does as little as a server can, so that it never sets the pace of a benchmark: one
// thread, epoll, HTTP/1.1 over kept connections, no JSON library. Loopback only.
//
//   film_bench_server          prints "PORT n"; ends when its standard input closes, with "REQUESTS n CPU_US m"
//
// Each answer quotes words of the request, so that film keeps the question.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

constexpr std::string_view kLength = "ontent-Length: ",
                           kHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Five words of at least four letters, from two thirds of the body on.
std::string words_of(std::string_view body) {
  std::string words;
  int count = 0;
  for (std::size_t at = body.size() * 2 / 3; at < body.size() && count < 5;) {
    std::size_t end = at;
    while (end < body.size() && is_letter(body[end])) ++end;
    if (end - at >= 4) {
      words.append(count++ > 0 ? " " : "").append(body.substr(at, end - at));
    }
    at = end + 1;
  }
  return words;
}

std::string reply_to(std::string_view body, std::uint64_t number) {
  const std::string text = R"({\"question\": \"What does part )" + std::to_string(number) +
                           R"( of the text say about it?\", \"answer\": \"It says )" + words_of(body) +
                           R"(.\"})";
  const std::string json =
      R"({"id":"chatcmpl-)" + std::to_string(number) +
      R"(","object":"chat.completion","created":1764115200,"model":"bench","choices":[{"index":0,)"
      R"("message":{"role":"assistant","content":")" +
      text +
      R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":300,)"
      R"("completion_tokens":30,"total_tokens":330}})";
  return std::string(kHead) + "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json;
}

// The bytes of the first whole request in `text`, or 0.
std::size_t request_size(std::string_view text, std::size_t& head) {
  head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  head += 4;
  const std::size_t at = text.substr(0, head).find(kLength);
  const std::size_t length =
      at == std::string_view::npos ? 0 : std::strtoull(text.data() + at + kLength.size(), nullptr, 10);
  return text.size() >= head + length ? head + length : 0;
}

class Server {
 public:
  Server() : listener_(::socket(AF_INET, SOCK_STREAM, 0)), poll_(::epoll_create1(0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 1024) != 0 ||
        ::getsockname(listener_, raw, &size) != 0)
      std::exit(71);
    std::printf("PORT %d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    watch(listener_);
    watch(STDIN_FILENO);
  }

  void run() {
    std::array<epoll_event, 256> events{};
    while (true) {
      const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int file = events[static_cast<std::size_t>(i)].data.fd;
        if (file == STDIN_FILENO) return;
        if (file == listener_)
          accept();
        else
          serve(file);
      }
    }
  }

  std::uint64_t requests() const { return requests_; }

 private:
  void watch(int file) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = file;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, file, &event);
  }

  void accept() {
    const int file = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (file < 0) return;
    const int on = 1;
    ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(file);
  }

  void serve(int file) {
    std::string& got = received_[file];
    std::array<char, 65536> piece;
    const ssize_t size = ::read(file, piece.data(), piece.size());
    if (size <= 0) {
      received_.erase(file);
      ::close(file);
      return;
    }
    got.append(piece.data(), static_cast<std::size_t>(size));
    std::size_t head = 0;
    while (const std::size_t whole = request_size(got, head)) {
      const std::string reply = reply_to(std::string_view(got).substr(head, whole - head), ++requests_);
      if (::write(file, reply.data(), reply.size()) != static_cast<ssize_t>(reply.size())) std::exit(74);
      got.erase(0, whole);
    }
  }

  int listener_, poll_;
  std::uint64_t requests_ = 0;
  std::unordered_map<int, std::string> received_;  // by connection
};

}  // namespace

int main() {
  Server server;
  server.run();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto micro = [](const timeval& t) { return t.tv_sec * 1'000'000 + t.tv_usec; };
  std::printf("REQUESTS %llu CPU_US %ld\n", static_cast<unsigned long long>(server.requests()),
              static_cast<long>(micro(usage.ru_utime) + micro(usage.ru_stime)));
}
