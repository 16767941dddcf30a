// A file is hashed once, until it is another one.
#include "film/base/content_hash.h"

#include "film/base/sha256.h"
#include "support.h"

namespace film {
namespace {

using testing_base::failure_of;
using testing_base::TempFolder;

TEST(ContentHash, FollowsEveryChange) {
  const TempFolder folder;
  const fs::path file = folder.put("f", "one");
  EXPECT_EQ(content_hash(file), sha256("one"));
  EXPECT_EQ(content_hash(file), sha256("one"));
  const auto time = fs::last_write_time(file);
  write_file(file, "two");  // another inode, the same size and time
  fs::last_write_time(file, time);
  EXPECT_EQ(content_hash(file), sha256("two"));
  folder.put("g", "one");
  fs::remove(file);
  fs::create_symlink("g", file);
  EXPECT_EQ(content_hash(file), sha256("one"));
  fs::resize_file(folder / "g", 0);
  EXPECT_EQ(content_hash(file), sha256(""));
  fs::remove(folder / "g");
  EXPECT_EQ(failure_of([&] { content_hash(file); }), "66 no such file: " + file.string());
}

// Hashes that a writer knows hold for the file that it wrote, and no longer than until the next change.
TEST(ContentHash, IsKnownOfWhatWasHashedAsItWasWritten) {
  const TempFolder folder;
  const std::string large(3 << 20, 'l');
  const std::vector<std::vector<std::string>> cases = {
      {}, {""}, {"a", "bc"}, {large}, {"a", large, "b"}, {std::string(1 << 20, 'm'), "n"}};
  for (const std::vector<std::string>& pieces : cases) {
    const fs::path path = folder / "f";
    AtomicFile file(path, Hashing::as_written);
    std::string content;
    for (const std::string& piece : pieces) {
      file.write(piece);
      content += piece;
    }
    file.commit();
    EXPECT_EQ(content_hash(path), sha256(content));
    folder.put("f", content + "x");
    EXPECT_EQ(content_hash(path), sha256(content + "x"));
  }
  const fs::path known = folder.put("known", "k");
  remember_content_hash(known, "0123");
  EXPECT_EQ(content_hash(known), "0123");  // not read
}

}  // namespace
}  // namespace film
