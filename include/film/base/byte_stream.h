#pragma once
// The bytes of a file, decompressed: plain, gzip, Zstandard, xz and bzip2.
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "film/base/files.h"

namespace film {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Appends up to a block of bytes to `out`; false at the end, when nothing was left to append. A damaged or
  // truncated stream throws bad_data with the file's name.
  virtual bool read(std::string& out) = 0;
};

enum class Compression { none, gzip, zstd, xz, bzip2 };

// What names of packed files end with.
inline constexpr std::array<std::string_view, 4> kPackedEndings = {".gz", ".zst", ".xz", ".bz2"};

// Told by a file's first bytes; ten are enough.
Compression compression_of(std::string_view head);

// The decompressed bytes of `path`, whatever its name says. Throws no_input, denied, bad_data.
std::unique_ptr<ByteStream> open_bytes(const fs::path& path);

}  // namespace film
