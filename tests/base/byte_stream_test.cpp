// Files of any size in flat memory.
#include "film/base/byte_stream.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "../support/corpus.h"
#include "film/base/random.h"

namespace film {
namespace {

// Pages of files that this process has mapped and not given back.
std::uint64_t file_bytes_in_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssFile:")) return std::stoull(line.substr(8)) << 10;
  ADD_FAILURE() << "no RssFile";
  return 0;
}

TEST(ByteStream, MemoryDoesNotGrowWithTheFile) {
  constexpr std::size_t kBytes = 96 << 20, kMost = 40 << 20;
  Random random(1, "bytes");  // which do not compress
  std::string content(kBytes, '\0');
  for (std::size_t at = 0; at < kBytes; at += sizeof(std::uint64_t)) {
    const std::uint64_t bits = random.bits();
    std::memcpy(content.data() + at, &bits, sizeof bits);
  }
  const support::TempFolder folder;
  for (const fs::path& file : {folder.put("plain", content), folder.put("packed", support::zstd(content))}) {
    const std::uint64_t before = file_bytes_in_memory();
    std::uint64_t most = before;
    const std::unique_ptr<ByteStream> stream = open_bytes(file);
    for (std::string read; stream->read(read); read.clear()) most = std::max(most, file_bytes_in_memory());
    EXPECT_LT(most - before, kMost) << file;
  }
}

}  // namespace
}  // namespace film
