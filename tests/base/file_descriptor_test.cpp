// Open files that close themselves, and the loops over the system's reads and writes.
#include "film/base/file_descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "film/base/byte_stream.h"
#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing_base::failure_of;
using testing_base::TempFolder;

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(FileDescriptor, ClosesItself) {
  const TempFolder folder;
  folder.put("f", "x");
  int fd = -1;
  {
    const FileDescriptor file = open_for_reading(folder / "f");
    fd = file.get();
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(FileDescriptor, MovingLeavesOneOwner) {
  const TempFolder folder;
  FileDescriptor first = open_for_reading(folder.put("f", "x"));
  const int fd = first.get();
  FileDescriptor second = std::move(first);
  EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): that is the point
  EXPECT_EQ(second.get(), fd);
  {
    FileDescriptor third = open_for_reading(folder / "f");
    const int other = third.get();
    third = std::move(second);
    EXPECT_EQ(third.get(), fd);
    second = FileDescriptor();
    EXPECT_FALSE(is_open(other)) << "what it held before is closed";
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(FileDescriptor, CloseSaysWhatWentWrong) {
  const TempFolder folder;
  FileDescriptor file = open_for_reading(folder.put("f", "x"));
  ::close(file.get());
  EXPECT_EQ(file.close(), EBADF);
  EXPECT_EQ(file.close(), 0) << "nothing is open any more";
}

TEST(FileDescriptor, OpeningFails) {
  const TempFolder folder;
  EXPECT_EQ(failure_of([&] { open_for_reading(folder / "none"); }),
            "66 no such file: " + (folder / "none").string());
  EXPECT_EQ(failure_of([&] { open_for_reading(folder.path()); }),
            "66 " + folder.path().string() + " is a folder, not a file");
  EXPECT_THAT(failure_of([&] { open_for_writing(folder / "none/f", O_WRONLY | O_CREAT); }),
              HasSubstr("73 cannot write " + (folder / "none/f").string()));
}

TEST(FileDescriptor, ReadsAtAPlaceAndWritesAll) {
  const TempFolder folder;
  const fs::path path = folder / "f";
  {
    const FileDescriptor file = open_for_writing(path, O_WRONLY | O_CREAT | O_TRUNC);
    write_all(file, "0123456789", path);
    write_all(file, "", path);
  }
  const FileDescriptor file = open_for_reading(path);
  std::string part(4, '\0');
  read_at(file, 3, part, path);
  EXPECT_EQ(part, "3456");
  EXPECT_EQ(failure_of([&] { read_at(file, 8, part, path); }),
            "74 reading " + path.string() + " failed: Input/output error");
  EXPECT_EQ(read_some(file, part, path), 4u) << "reading at a place does not move the file";
  EXPECT_EQ(part, "0123");
}

// A pipe takes and gives pieces: the loops put them together.
TEST(FileDescriptor, PipesInPieces) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const FileDescriptor read(ends[0]);
  FileDescriptor write(ends[1]);
  const std::string content(1 << 20, 'x');
  std::string found;
  {
    std::jthread writer([&] {
      write_all(write, content, "pipe");
      write.close();
    });
    char block[1000];
    while (const std::size_t n = read_some(read, block, "pipe")) found.append(block, n);
  }
  EXPECT_EQ(found, content);
}

// What may stand where a file is expected; opening waits for nobody.
TEST(FileDescriptor, OnlyFilesAreOpened) {
  const TempFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::vector<std::pair<std::string, std::string>> table = {{folder.path().string(), "a folder"},
                                                                  {pipe, "a pipe"},
                                                                  {"/dev/zero", "a device"},
                                                                  {"/dev/null", "a device"}};
  for (const auto& [path, kind] : table) {
    EXPECT_THAT(failure_of([&] { open_for_reading(path); }), StartsWith("66 " + path + " is " + kind))
        << path;
    EXPECT_THAT(failure_of([&] { open_for_writing(path, O_WRONLY | O_CREAT); }), StartsWith("73 " + path))
        << path;
  }
}

TEST(FileDescriptor, APipeIsReadToItsEnd) {
  const TempFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& content : {std::string("short"), std::string(300'000, 'x')}) {
    std::jthread writer([&] {
      const FileDescriptor file(::open(pipe.c_str(), O_WRONLY | O_CLOEXEC));  // waits for the reader
      write_all(file, content, pipe);
    });
    EXPECT_EQ(read_file(pipe), content);
  }
}

TEST(FileDescriptor, AFileOfManyGibibytesIsNotReadWhole) {
  const TempFolder folder;
  const fs::path file = folder.put("sparse", "x");
  fs::resize_file(file, std::uintmax_t{1} << 33);
  EXPECT_THAT(failure_of([&] { read_file(file); }),
              StartsWith("65 " + file.string() + " holds more than 1024 MiB"));
}

TEST(FileDescriptor, AFullDiskHasAHint) {
  const FileDescriptor file(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(failure_of([&] { write_all(file, "x", "f"); }),
            "74 writing f failed: No space left on device | free some space and run the same command again");
  EXPECT_EQ(write_failure("f", EDQUOT).hint(), write_failure("f", ENOSPC).hint());
  EXPECT_EQ(write_failure("f", EIO).hint(), "");
  EXPECT_EQ(write_failure("f", EROFS).code(), ExitCode::cannot_create);
  EXPECT_EQ(read_failure("f", EACCES).code(), ExitCode::denied);
}

TEST(ByteStream, ToldByTheFirstBytes) {
  EXPECT_EQ(compression_of("\x1f\x8b\x08\x00"), Compression::gzip);
  EXPECT_EQ(compression_of("\x28\xb5\x2f\xfd"), Compression::zstd);
  EXPECT_EQ(compression_of("\x5f\x2a\x4d\x18"), Compression::zstd) << "a frame without data";
  for (const std::string_view head : {"", "\x1f", "\x28\xb5\x2f", "PK\x03\x04", "\x4f\x2a\x4d\x18", "text"})
    EXPECT_EQ(compression_of(head), Compression::none) << head;
}

TEST(ByteStream, APlainFileInBlocks) {
  const TempFolder folder;
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += std::to_string(i) + "\n";
  const auto bytes = open_bytes(folder.put("f.gz", content));  // the name does not matter
  std::string found = "before";
  int blocks = 0;
  while (bytes->read(found)) ++blocks;
  EXPECT_EQ(found, "before" + content);
  EXPECT_GT(blocks, 1);
  EXPECT_FALSE(bytes->read(found)) << "the end is the end";
}

}  // namespace
}  // namespace film
