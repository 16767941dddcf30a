// The append-only journal: whatever is cut off its end, whole records remain and more can follow.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "film/base/lines.h"
#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;
using testing_base::failure_of;
using testing_base::lines_of;
using testing_base::TempFolder;

std::vector<Json> records_of(const fs::path& path) {
  std::vector<Json> records;
  for_each_record(path, [&](const Json& record, const std::string&) { records.push_back(record); });
  return records;
}

Json record(int id) {
  return {{"id", id}, {"text", "line\nbreak é " + std::string(static_cast<std::size_t>(id), 'x')}};
}

TEST(Journal, AppendsAcrossOpenings) {
  const TempFolder folder;
  for (int i = 0; i < 3; ++i) {
    Journal journal(folder / "j.jsonl");
    journal.append(record(2 * i));
    journal.sync();
    journal.append(record(2 * i + 1));
    journal.sync();
    journal.sync();  // nothing new: nothing written
  }
  const std::vector<Json> records = records_of(folder / "j.jsonl");
  ASSERT_EQ(records.size(), 6u);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(records[static_cast<std::size_t>(i)], record(i));
}

TEST(Journal, OnlyWhatIsWrittenIsOnDisk) {
  const TempFolder folder;
  {
    Journal journal(folder / "j.jsonl");
    journal.append(record(1));
    EXPECT_EQ(fs::file_size(folder / "j.jsonl"), 0u);
    journal.write();
    EXPECT_EQ(records_of(folder / "j.jsonl").size(), 1u);
    journal.append(record(2));
    journal.sync();
    journal.append(record(3));  // never written: lost, as a kill would lose it
  }
  EXPECT_EQ(records_of(folder / "j.jsonl").size(), 2u);
}

TEST(Journal, CutAtEveryByteKeepsWholeRecordsOnly) {
  const TempFolder folder;
  {
    Journal journal(folder / "whole.jsonl");
    for (int i = 0; i < 5; ++i) journal.append(record(i));
    journal.sync();
  }
  const std::string whole = read_file(folder / "whole.jsonl");
  testing::internal::CaptureStderr();  // one warning for each cut
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    const auto complete = static_cast<std::size_t>(std::ranges::count(cut, '\n'));
    const fs::path path = folder.put("j.jsonl", cut);
    {
      Journal journal(path);
      journal.append(record(99));
      journal.sync();
    }
    const std::vector<Json> records = records_of(path);
    ASSERT_EQ(records.size(), complete + 1) << size;
    for (std::size_t i = 0; i < complete; ++i) ASSERT_EQ(records[i], record(static_cast<int>(i))) << size;
    ASSERT_EQ(records.back(), record(99)) << size;
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("cut a torn last line of 1 bytes"));
}

TEST(Journal, AWholeFileIsNotTouched) {
  const TempFolder folder;
  const fs::path path = folder.put("j.jsonl", "{\"a\":1}\n");
  testing::internal::CaptureStderr();
  { Journal journal(path); }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(read_file(path), "{\"a\":1}\n");
}

TEST(Journal, BadUtf8DoesNotStopIt) {
  const TempFolder folder;
  Journal journal(folder / "j.jsonl");
  journal.append({{"answer", "\xff\xfe"}});
  journal.sync();
  EXPECT_EQ(records_of(folder / "j.jsonl").size(), 1u);
}

TEST(Journal, ErrorsNameTheFile) {
  const TempFolder folder;
  EXPECT_THAT(
      failure_of([&] { Journal(folder / "none/j.jsonl"); }),
      HasSubstr("73 cannot write " + (folder / "none/j.jsonl").string() + ": No such file or directory"));
}

// A device on which every write ends in "no space left", and which needs no rights.
TEST(Journal, FullDiskIsExit74) {
  const TempFolder folder;
  Journal journal(folder / "j.jsonl");
  const std::string name = "/proc/self/fd/";
  int fd = -1;  // the journal's descriptor: replaced by the device under its feet
  for (int i = 3; i < 64 && fd < 0; ++i) {
    std::error_code error;
    if (fs::read_symlink(name + std::to_string(i), error) == folder / "j.jsonl") fd = i;
  }
  ASSERT_GE(fd, 0);
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_EQ(dup2(full, fd), fd);
  close(full);
  journal.append(record(1));
  EXPECT_EQ(failure_of([&] { journal.sync(); }),
            "74 writing " + (folder / "j.jsonl").string() +
                " failed: No space left on device | free some space and run the same command again");
}

}  // namespace
}  // namespace film
