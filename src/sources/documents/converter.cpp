#include "converter.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "film/base/error.h"
#include "film/base/signals.h"
#include "film/base/strings.h"

namespace film::sources {
namespace {

constexpr std::size_t kMostComplaint = 1000;

struct Pipe {
  FileDescriptor read, write;
};

Pipe open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw os_error("no pipe: " + errno_text(errno));
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

pid_t start(const fs::path& program, const std::vector<std::string>& arguments, const Pipe& out,
            const Pipe& complaints) {
  std::string name = program.string();
  std::vector<std::string> words = arguments;
  std::vector<char*> argv = {name.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.write.get(), 1);
  ::posix_spawn_file_actions_adddup2(&actions, complaints.write.get(), 2);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, name.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw os_error("cannot start " + name + ": " + errno_text(error));
  return pid;
}

void limit(pid_t pid, const ConverterLimits& limits) {
  const auto set = [&](__rlimit_resource what, rlim_t most) {
    const rlimit both{most, most};
    ::prlimit(pid, what, &both, nullptr);
  };
  set(RLIMIT_AS, limits.memory);
  if (limits.seconds > 0) set(RLIMIT_CPU, limits.seconds);
  set(RLIMIT_FSIZE, 0);
}

// Reads what there is; false at the end.
bool read_from(FileDescriptor& from, std::string& block) {
  block.resize(1 << 16);
  const ssize_t n = ::read(from.get(), block.data(), block.size());
  block.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (n <= 0) from.close();
  return n > 0;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Ends the process whatever happens here.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    wait_for(pid_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void end() { ::kill(pid_, SIGKILL); }
  int wait() { return wait_for(std::exchange(pid_, 0)); }

 private:
  pid_t pid_;
};

}  // namespace

std::optional<fs::path> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "/usr/bin:/bin" : path, ":")) {
    const fs::path program = fs::path(folder) / name;
    std::error_code error;
    if (fs::is_regular_file(program, error) && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

ConverterResult run_converter(const fs::path& program, const std::vector<std::string>& arguments,
                              const std::function<bool(std::string_view)>& take,
                              const ConverterLimits& limits) {
  Pipe out = open_pipe(), complaints = open_pipe();
  const pid_t pid = start(program, arguments, out, complaints);
  Child child(pid);
  limit(pid, limits);
  out.write.close();
  complaints.write.close();
  ConverterResult result;
  const auto begin = std::chrono::steady_clock::now();
  const std::chrono::milliseconds longest(limits.seconds * std::uint64_t{2500});
  std::string block;
  while (out.read.is_open() || complaints.read.is_open()) {
    throw_if_stopped("a file is not converted");
    std::array<pollfd, 2> open = {pollfd{out.read.get(), POLLIN, 0},
                                  pollfd{complaints.read.get(), POLLIN, 0}};
    ::poll(open.data(), open.size(), 1000);
    if (open[0].revents != 0 && read_from(out.read, block) && !take(block)) child.end();
    if (open[1].revents != 0 && read_from(complaints.read, block))
      result.complaint.append(block, 0, kMostComplaint - std::min(kMostComplaint, result.complaint.size()));
    result.too_long = limits.seconds > 0 && std::chrono::steady_clock::now() - begin > longest;
    if (result.too_long) child.end();
  }
  result.exit_code = child.wait();
  return result;
}

}  // namespace film::sources
