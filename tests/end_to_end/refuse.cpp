// For LD_PRELOAD: a system that refuses. FILM_REFUSE="CALL N ERROR" lets the N-th call of one kind fail with an error
// number, "CALL N+ ERROR" that and all later ones; FILM_REFUSE_LOG names a file that is told what was refused, or
// without FILM_REFUSE, at the end, how many calls of each kind there were. Kinds: open, mmap, fsync, rename, write, memory.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// The allocator of the C library under its own names: dlsym itself allocates.
extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* __libc_calloc(std::size_t count, std::size_t size);
extern "C" void* __libc_realloc(void* block, std::size_t size);
extern "C" void* __libc_memalign(std::size_t alignment, std::size_t size);

namespace {

enum Call { kOpen, kMmap, kFsync, kRename, kWrite, kMemory };
constexpr std::array kNames = {"open", "mmap", "fsync", "rename", "write", "memory"};

std::array<std::atomic<long>, kNames.size()> counts;
int refused_call = -1;
int error_number = 0;
long first = 0;
bool all_later = false;

// Reads the environment without allocating; once, before main.
__attribute__((constructor)) void configure() {
  char name[16] = "", from[16] = "";
  const char* order = std::getenv("FILM_REFUSE");
  if (order == nullptr || std::sscanf(order, "%15s %15s %d", name, from, &error_number) != 3) return;
  first = std::atol(from);
  all_later = std::strchr(from, '+') != nullptr;
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (std::strcmp(name, kNames[i]) == 0) refused_call = static_cast<int>(i);
  for (auto& count : counts) count = 0;  // what came before belongs to the loader
}

void tell(const char* text, std::size_t size) {
  const char* log = std::getenv("FILM_REFUSE_LOG");
  if (log == nullptr) return;
  const auto fd = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644));
  if (fd < 0) return;
  if (::syscall(SYS_write, fd, text, size) < 0) std::abort();
  ::syscall(SYS_close, fd);
}

__attribute__((destructor)) void report() {
  if (refused_call >= 0) return;
  char text[256];
  int size = 0;
  for (std::size_t i = 0; i < kNames.size(); ++i)
    size += std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), "%s %ld\n", kNames[i],
                          counts[i].load());
  tell(text, static_cast<std::size_t>(size));
}

// Whether this call is to fail; errno is set then.
bool refuses(Call call, const char* what) {
  const long n = ++counts[call];
  if (call != refused_call || n < first || (n > first && !all_later)) return false;
  if (n == first) {
    tell(what, std::strlen(what));
    tell("\n", 1);
  }
  errno = error_number;
  return true;
}

bool is_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

// A process that has opened Torch leaves this way: nothing is called behind it.
extern "C" [[noreturn]] void _exit(int status) {
  report();
  ::syscall(SYS_exit_group, status);
  __builtin_unreachable();
}

extern "C" int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, int) : 0;
  va_end(more);
  if (refuses(kOpen, path)) return -1;
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
extern "C" int open64(const char* path, int flags, ...) __attribute__((alias("open")));

extern "C" void* mmap(void* address, std::size_t size, int protection, int flags, int fd,
                      off_t offset) noexcept {
  if (refuses(kMmap, "mmap")) return MAP_FAILED;
  return reinterpret_cast<void*>(::syscall(SYS_mmap, address, size, protection, flags, fd, offset));
}
extern "C" void* mmap64(void* address, std::size_t size, int protection, int flags, int fd,
                        off_t offset) noexcept __attribute__((alias("mmap")));

extern "C" int fsync(int fd) {
  if (refuses(kFsync, "fsync")) return -1;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
extern "C" int fdatasync(int fd) {
  if (refuses(kFsync, "fdatasync")) return -1;
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

extern "C" int rename(const char* from, const char* to) noexcept {
  if (refuses(kRename, to)) return -1;
  return static_cast<int>(::syscall(SYS_rename, from, to));
}

extern "C" ssize_t write(int fd, const void* data, std::size_t size) {
  if (is_file(fd) && refuses(kWrite, "write")) return -1;
  return ::syscall(SYS_write, fd, data, size);
}

extern "C" void* malloc(std::size_t size) noexcept {
  return refuses(kMemory, "malloc") ? nullptr : __libc_malloc(size);
}
extern "C" void* calloc(std::size_t count, std::size_t size) noexcept {
  return refuses(kMemory, "calloc") ? nullptr : __libc_calloc(count, size);
}
extern "C" void* realloc(void* block, std::size_t size) noexcept {
  return refuses(kMemory, "realloc") ? nullptr : __libc_realloc(block, size);
}
extern "C" void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return refuses(kMemory, "memalign") ? nullptr : __libc_memalign(alignment, size);
}
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return refuses(kMemory, "aligned_alloc") ? nullptr : __libc_memalign(alignment, size);
}
extern "C" int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  if (refuses(kMemory, "posix_memalign")) return ENOMEM;
  *block = __libc_memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}
