#pragma once
// Several processes of one run, forked from a test before it has threads: Torch is not loaded again for each.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "film/base/error.h"
#include "film/base/file_descriptor.h"
#include "film/base/files.h"
#include "film/engine/ranks.h"

namespace film::testing {

inline int free_port() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

inline engine::RankPlace place_of(int rank, int size, int port) {
  engine::RankPlace place;
  place.launcher = engine::Launcher::torchrun;
  place.rank = place.local_rank = rank;
  place.size = size;
  place.address = "127.0.0.1";
  place.port = port;
  return place;
}

class Processes {
 public:
  // work(place) runs in each of them; what it throws is its exit code, its text goes to `log`-RANK.
  Processes(int count, const fs::path& log, const std::function<void(const engine::RankPlace&)>& work)
      : log_(log) {
    const int port = free_port();
    for (int rank = 0; rank < count; ++rank) {
      const pid_t child = ::fork();
      if (child == 0) run_here(place_of(rank, count, port), work);
      children_.push_back(child);
    }
  }
  ~Processes() {
    for (std::size_t i = 0; i < children_.size(); ++i)
      if (codes_.size() <= i) end(i);
  }
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  void send(int rank, int signal) const { ::kill(children_[static_cast<std::size_t>(rank)], signal); }
  std::string said_by(int rank) const { return read_file(log_.string() + "-" + std::to_string(rank)); }
  void wait_for_words(int rank, const std::string& words) const {
    const std::string file = log_.string() + "-" + std::to_string(rank);
    for (int i = 0; i < 1000; ++i) {
      if (fs::exists(file) && read_file(file).find(words) != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  // Exit codes by rank; a signal is 128 + its number. Whoever still runs after `seconds` is killed and counted as -1.
  const std::vector<int>& codes(double seconds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (codes_.size() < children_.size()) {
      int status = 0;
      const pid_t child = children_[codes_.size()];
      if (::waitpid(child, &status, WNOHANG) == child) {
        codes_.push_back(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
      } else if (std::chrono::steady_clock::now() > until) {
        end(codes_.size());
        codes_.push_back(-1);
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
    return codes_;
  }

 private:
  void end(std::size_t i) const {
    ::kill(children_[i], SIGKILL);
    ::waitpid(children_[i], nullptr, 0);
  }

  [[noreturn]] static void end_by(const std::exception_ptr& failure) {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const Error& error) {
      std::fprintf(stderr, "%s | %s\n", error.what(), error.hint().c_str());
      ::_exit(static_cast<int>(error.code()));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "unexpected: %s\n", error.what());
      ::_exit(99);
    }
    ::_exit(98);
  }

  [[noreturn]] void run_here(const engine::RankPlace& place,
                             const std::function<void(const engine::RankPlace&)>& work) const {
    const std::string file = log_.string() + "-" + std::to_string(place.rank);
    std::setvbuf(std::freopen(file.c_str(), "w", stderr), nullptr, _IONBF, 0);
    std::set_terminate([] { end_by(std::current_exception()); });
    try {
      work(place);
    } catch (...) {
      end_by(std::current_exception());
    }
    ::_exit(0);
  }

  fs::path log_;
  std::vector<pid_t> children_;
  std::vector<int> codes_;
};

}  // namespace film::testing
