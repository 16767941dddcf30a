// Files that are whole or absent.
#include "film/base/files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing_base::failure_of;
using testing_base::TempFolder;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Files, WriteAndReadBack) {
  const TempFolder folder;
  const std::string content("a\0b\xff\n", 5);
  write_file(folder / "f", content);
  EXPECT_EQ(read_file(folder / "f"), content);
  write_file(folder / "f", "");
  EXPECT_EQ(read_file(folder / "f"), "");
  EXPECT_EQ(entries(folder.path()), 1u) << "no temporary file is left";
}

TEST(Files, ReadErrorsSayWhatIsWrong) {
  const TempFolder folder;
  EXPECT_EQ(failure_of([&] { read_file(folder / "none"); }),
            "66 no such file: " + (folder / "none").string());
  EXPECT_EQ(failure_of([&] { read_file(folder.path()); }),
            "66 " + folder.path().string() + " is a folder, not a file");
  folder.put("file", "x");
  EXPECT_THAT(failure_of([&] { read_file(folder / "file/below"); }), StartsWith("66 no such file"));
}

TEST(Files, WriteErrorsSayWhatIsWrong) {
  const TempFolder folder;
  EXPECT_THAT(failure_of([&] { write_file(folder / "none/f", "x"); }), StartsWith("73 cannot write "));
  folder.put("file", "x");
  EXPECT_THAT(failure_of([&] { make_folder(folder / "file"); }),
              HasSubstr("73 cannot create folder " + (folder / "file").string()));
  EXPECT_THAT(failure_of([&] { make_folder(folder / "file/below"); }),
              StartsWith("73 cannot create folder "));
}

TEST(AtomicFile, AbandonedLeavesTheOldContent) {
  const TempFolder folder;
  write_file(folder / "f", "old");
  {
    AtomicFile file(folder / "f");
    file.write(std::string(3 << 20, 'n'));
    EXPECT_EQ(file.size(), 3u << 20);
    EXPECT_EQ(read_file(folder / "f"), "old") << "nothing is seen before commit";
  }
  EXPECT_EQ(read_file(folder / "f"), "old");
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(AtomicFile, PiecesOfAnySize) {
  const TempFolder folder;
  std::string expected;
  AtomicFile file(folder / "f");
  for (std::size_t i = 0; i < 300; ++i) {
    const std::size_t size = i % 100 == 50 ? (std::size_t{1} << 20) + i : i * i;  // some past the buffer
    const std::string piece(size, static_cast<char>('a' + i % 26));
    expected += piece;
    file.write(piece);
  }
  const std::vector<std::uint32_t> values = {1, 2, 3};
  file.write_values(std::span<const std::uint32_t>(values));
  expected.append(reinterpret_cast<const char*>(values.data()), 12);
  file.commit();
  EXPECT_EQ(read_file(folder / "f"), expected);
}

// A limit on the size of files makes write() fail without a full disk, and needs no rights.
TEST(AtomicFile, FailedWriteLeavesTheOldContent) {
  const TempFolder folder;
  write_file(folder / "f", "old");
  rlimit old_limit{};
  getrlimit(RLIMIT_FSIZE, &old_limit);
  rlimit small = old_limit;
  small.rlim_cur = 1 << 20;
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string failure = failure_of([&] { write_file(folder / "f", std::string(3 << 20, 'n')); });
  setrlimit(RLIMIT_FSIZE, &old_limit);
  signal(SIGXFSZ, handler);
  EXPECT_EQ(failure, "74 writing " + (folder / "f").string() +
                         " failed: File too large | raise the limit on file sizes (ulimit -f), then run the "
                         "same command again");
  EXPECT_EQ(read_file(folder / "f"), "old");
  EXPECT_EQ(entries(folder.path()), 1u);
}

// Whoever may write into a folder could plant a link there; what it points to is not film's to change.
TEST(AtomicFile, APlantedLinkCostsNobodyAFile) {
  const TempFolder folder;
  const fs::path victim = folder.put("victim", "precious");
  const fs::path temporary = folder / "f.part";
  fs::create_symlink(victim, temporary);
  EXPECT_THAT(failure_of([&] { write_file(folder / "f", "again"); }), testing::HasSubstr("symbolic link"));
  fs::remove(temporary);
  fs::remove(folder / "f");
  fs::create_symlink(victim, folder / "f");  // the place itself: the link is replaced, not followed
  write_file(folder / "f", "again");
  EXPECT_EQ(read_file(folder / "f"), "again");
  for (const char* name : {"journal", "scratch", "log"}) {
    fs::create_symlink(victim, folder / name);
    EXPECT_THAT(failure_of([&] { open_for_writing(folder / name, O_WRONLY | O_CREAT | O_APPEND); }),
                testing::StartsWith("73 "));
  }
  EXPECT_EQ(read_file(victim), "precious");
}

TEST(AtomicFile, FullDiskIsExit74AndSaysSo) {
  const TempFolder folder;
  if (mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=256k") != 0)
    GTEST_SKIP() << "mounting a small tmpfs needs root";
  write_file(folder / "f", "old");
  const std::string failure = failure_of([&] { write_file(folder / "f", std::string(1 << 20, 'n')); });
  EXPECT_EQ(failure, "74 writing " + (folder / "f").string() +
                         " failed: No space left on device | free some space and run the same command again");
  EXPECT_EQ(read_file(folder / "f"), "old");
  EXPECT_EQ(entries(folder.path()), 1u) << "the space of the temporary file is given back";
  umount(folder.path().c_str());
}

TEST(MappedFile, ValuesAndTheirSize) {
  const TempFolder folder;
  const MappedFile file(folder.put("f", std::string("\1\0\0\0\2\0\0\0", 8)));
  EXPECT_THAT(file.values<std::uint32_t>(), testing::ElementsAre(1, 2));
  EXPECT_EQ(file.values<std::uint64_t>().size(), 1u);
  const MappedFile odd(folder.put("odd", "12345"));
  EXPECT_EQ(failure_of([&] { odd.values<std::uint32_t>(); }),
            "65 " + (folder / "odd").string() +
                ": size 5 is not a multiple of 4 | the file is truncated: make it again");
}

TEST(MappedFile, EmptyAndMissing) {
  const TempFolder folder;
  const MappedFile empty(folder.put("empty", ""));
  EXPECT_TRUE(empty.bytes().empty());
  EXPECT_TRUE(empty.values<std::uint64_t>().empty());
  EXPECT_THAT(failure_of([&] { MappedFile(folder / "none"); }), StartsWith("66 no such file"));
  EXPECT_THAT(failure_of([&] { MappedFile(folder.path()); }), HasSubstr("is a folder, not a file"));
}

// A pipe has no size: mapped, it would silently be an empty file.
TEST(MappedFile, PipesAreRefused) {
  const TempFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int both_ends = open(pipe.c_str(), O_RDWR | O_CLOEXEC);  // so that nobody waits for the other end
  ASSERT_EQ(write(both_ends, "text", 4), 4);
  EXPECT_THAT(failure_of([&] { MappedFile{fs::path(pipe)}; }), HasSubstr("is a pipe, not a file"));
  close(both_ends);
}

TEST(MappedFile, OutlivesItsHandleAndItsFile) {
  const TempFolder folder;
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
  {
    const MappedFile file(folder.put("f", "content"));
    bytes = file.bytes();
    owner = file.owner();
  }
  fs::remove(folder / "f");
  EXPECT_EQ(static_cast<char>(bytes[0]), 'c');
}

// Kilobytes of files in this process's memory.
std::int64_t resident_files_kb() {
  const std::string status = read_file("/proc/self/status");
  const std::size_t found = status.find("RssFile:");
  return found == std::string::npos ? -1 : std::stoll(status.substr(found + 8));
}

TEST(MappedFile, ReleasedPagesLeaveMemoryAndAreReadAgain) {
  const TempFolder folder;
  const std::size_t size = 32 << 20;
  {
    std::ofstream out(folder / "f", std::ios::binary);  // small writes make small pages in the cache
    for (std::size_t i = 0; i < size; i += 2048) out << std::string(2048, 'x') << std::flush;
  }
  const MappedFile file(folder / "f");
  const auto sum = [&] { return std::ranges::count(file.bytes(), std::byte{'x'}); };
  EXPECT_EQ(sum(), static_cast<std::ptrdiff_t>(size));
  const std::int64_t read = resident_files_kb();
  if (read < 0) GTEST_SKIP() << "this kernel does not tell RssFile";
  file.release(1, size - 2);  // any range: whole pages go, also those that it only touches
  EXPECT_LT(resident_files_kb(), read - 31 * 1024);
  file.release(size, 1);  // past the end: nothing
  file.release(0, 2 * size);
  EXPECT_EQ(sum(), static_cast<std::ptrdiff_t>(size));

  // Piece by piece: what reading one piece maps of the one before goes with it.
  file.release(0, size);
  const std::int64_t before = resident_files_kb();
  constexpr std::size_t kPiece = 1'000'003;
  for (std::size_t at = 0; at < size; at += kPiece) {
    const auto piece = file.bytes().subspan(at, std::min(kPiece, size - at));
    EXPECT_EQ(std::ranges::count(piece, std::byte{'x'}), static_cast<std::ptrdiff_t>(piece.size()));
    file.release(at, piece.size());
  }
  EXPECT_LT(resident_files_kb(), before + 256);
}

TEST(FolderLock, ExcludesASecondHolder) {
  const TempFolder folder;
  {
    const FolderLock lock(folder / "new/out");
    EXPECT_THAT(
        failure_of([&] { FolderLock second(folder / "new/out"); }),
        HasSubstr("73 " + (folder / "new/out").string() + " is in use by another film process (process " +
                  std::to_string(getpid()) + " on "));
  }
  const FolderLock again(folder / "new/out");
}

// In a child: 0 if the folder could be locked, else the exit code of the error.
int lock_in_child(const fs::path& folder, bool hold) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      const FolderLock lock(folder);
      if (hold) raise(SIGKILL);
      _exit(0);
    } catch (const Error& error) {
      _exit(static_cast<int>(error.code()));
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(FolderLock, ExcludesASecondProcessUntilTheFirstIsGone) {
  const TempFolder folder;
  {
    const FolderLock lock(folder.path());
    EXPECT_EQ(lock_in_child(folder.path(), false), 73);
  }
  EXPECT_EQ(lock_in_child(folder.path(), true), -SIGKILL);
  EXPECT_EQ(lock_in_child(folder.path(), false), 0) << "the lock of a killed process is free";
}

TEST(FolderLock, OfFiftyExactlyOneWins) {
  const TempFolder folder;
  std::atomic<int> won = 0, lost = 0;
  std::atomic<bool> go = false;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 50; ++i)
    threads.emplace_back([&] {
      while (!go) std::this_thread::yield();
      try {
        const FolderLock lock(folder.path());
        ++won;
        while (won + lost < 50) std::this_thread::yield();
      } catch (const Error&) {
        ++lost;
      }
    });
  go = true;
  threads.clear();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 49);
}

// FIPS 180-4 examples.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const TempFolder folder;
  EXPECT_EQ(sha256_file(folder.put("f", "abc")), sha256("abc"));
  EXPECT_EQ(sha256_file(folder.put("empty", "")), sha256(""));
  const std::string pieces(std::size_t{40} << 20, 'b');  // larger than what is hashed at once
  EXPECT_EQ(sha256_file(folder.put("pieces", pieces)), sha256(pieces));
}

}  // namespace
}  // namespace film
