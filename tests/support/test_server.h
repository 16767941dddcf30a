#pragma once
// tests/endpoint/mock_server.py as a child process of the test, and a client in one line.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "film/base/error.h"
#include "film/base/json.h"
#include "film/endpoint/client.h"

namespace film::endpoint {

class TestServer {
 public:
  explicit TestServer(const std::vector<std::string>& options = {}) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw os_error("pipe");
    child_ = ::fork();
    if (child_ == 0) run(in[0], out[1], options);
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    port_ = read_port(out[0]);
    ::close(out[0]);
  }
  ~TestServer() {
    ::close(stdin_);  // the server ends with it
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string port() const { return port_; }
  std::string url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + port_ + "/v1";
  }
  // What the server counted; through curl, so that not only our own client speaks to it.
  Json seen() const {
    const std::string command = "curl -s --noproxy '*' http://127.0.0.1:" + port_ + "/_seen";
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string text;
    char block[65536];
    for (std::size_t n; (n = std::fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, n);
    ::pclose(pipe);
    return parse_json(text, "/_seen");
  }

 private:
  [[noreturn]] static void run(int in, int out, const std::vector<std::string>& options) {
    ::dup2(in, 0);
    ::dup2(out, 1);
    std::vector<std::string> words = {"python3", FILM_SOURCE_DIR "/tests/endpoint/mock_server.py"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp("python3", argv.data());
    ::_exit(127);
  }
  static std::string read_port(int fd) {
    std::string line;
    for (char c = 0; ::read(fd, &c, 1) == 1 && c != '\n';) line += c;
    if (!line.starts_with("PORT ")) throw os_error("the test server does not start: " + line);
    return line.substr(5);
  }

  pid_t child_ = -1;
  int stdin_ = -1;
  std::string port_;
};

// A message that carries its own script for the server; the id makes it one of its own.
inline std::string scripted(const std::string& id, const std::string& steps) {
  return R"({"id": ")" + id + R"(", "script": [)" + steps + "]}";
}

// Short pauses: every wait below is a thousandth of what people would set.
inline EndpointSettings quick_settings(const std::string& url) {
  EndpointSettings s;
  s.base_url = url;
  s.model = "test-model";
  s.backoff = 0.001;
  s.backoff_cap = 0.02;
  s.connect_timeout = 5;
  s.answer_timeout = 20;
  s.stop_wait = 5;
  return s;
}

struct Asked {
  std::vector<ChatResult> results;
  EndpointReport report;
  ExitCode code = ExitCode::ok;
  std::string message, hint;
};

// Asks each text as one user message; ids are "0", "1", ...
inline Asked ask_all(EndpointClient& client, const std::vector<std::string>& texts) {
  Asked asked;
  std::size_t next = 0;
  const ChatSource source = [&]() -> std::optional<ChatRequest> {
    if (next == texts.size()) return {};
    const std::size_t i = next++;
    return ChatRequest{std::to_string(i), {{Role::user, texts[i]}}, 0, "prompt", {}};
  };
  try {
    client.run(source, [&](ChatResult r) { asked.results.push_back(std::move(r)); }, {});
  } catch (const Error& error) {
    asked.code = error.code();
    asked.message = error.what();
    asked.hint = error.hint();
  }
  asked.report = client.report();
  return asked;
}

inline Asked ask_all(const EndpointSettings& settings, const std::vector<std::string>& texts,
                     const std::optional<fs::path>& journal = {}) {
  EndpointClient client(settings, journal);
  return ask_all(client, texts);
}

}  // namespace film::endpoint
