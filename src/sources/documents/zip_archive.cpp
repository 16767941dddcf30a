#include "zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "document.h"
#include "film/base/error.h"

namespace film::sources {
namespace {

constexpr std::size_t kMostMembers = 10'000, kRatio = 200, kRatioFrom = 10 << 20;
constexpr std::size_t kEndSize = 22, kMostComment = 0xFFFF, kEntrySize = 46, kLocalSize = 30;
constexpr std::uint16_t kStored = 0, kDeflated = 8, kEncrypted = 1;

Unreadable damaged(const std::string& what) { return {RowFault::damaged, what}; }

// A little-endian number at `at`; the caller knows that it is there.
template <class T>
T number(std::string_view bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(bytes[at + i])) << (8 * i));
  return value;
}

}  // namespace

ZipArchive::ZipArchive(const fs::path& path)
    : file_(path), bytes_(reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size()) {
  const std::size_t from = bytes_.size() - std::min(bytes_.size(), kEndSize + kMostComment);
  const std::size_t end = bytes_.substr(from).rfind("PK\x05\x06") + from;
  if (bytes_.size() < kEndSize || end < from || end > bytes_.size() - kEndSize)
    throw damaged("it is no whole zip archive: its table of members is missing (was it cut off?)");
  const auto count = number<std::uint16_t>(bytes_, end + 10);
  std::size_t at = number<std::uint32_t>(bytes_, end + 16);
  if (count > kMostMembers) throw Unreadable{RowFault::too_large, std::to_string(count) + " members"};
  for (std::size_t i = 0; i < count; ++i) {
    if (at + kEntrySize > bytes_.size() || bytes_.substr(at, 4) != "PK\x01\x02")
      throw damaged("the zip archive's table of members is damaged");
    const Member member{number<std::uint32_t>(bytes_, at + 42), number<std::uint32_t>(bytes_, at + 20),
                        number<std::uint32_t>(bytes_, at + 16), number<std::uint16_t>(bytes_, at + 10),
                        number<std::uint16_t>(bytes_, at + 8)};
    const std::size_t name = number<std::uint16_t>(bytes_, at + 28);
    const std::size_t more =
        number<std::uint16_t>(bytes_, at + 30) + std::size_t{number<std::uint16_t>(bytes_, at + 32)};
    members_.emplace(bytes_.substr(std::min(bytes_.size(), at + kEntrySize), name), member);
    at += kEntrySize + name + more;
  }
}

std::string ZipArchive::read(const std::string& name) {
  const auto found = members_.find(name);
  if (found == members_.end()) throw damaged(name + " is missing in the archive");
  const Member& member = found->second;
  if ((member.flags & kEncrypted) != 0) throw Unreadable{RowFault::encrypted, name + " is encrypted"};
  if (member.method != kStored && member.method != kDeflated)
    throw damaged(name + " is packed by method " + std::to_string(member.method) + ", expected 0 or 8");
  const std::string_view packed = packed_bytes(name, member);
  std::string content = member.method == kStored ? std::string(packed) : inflated(name, packed);
  if (crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())) !=
      member.checksum)
    throw damaged(name + " does not have the checksum that the archive gives");
  read_ += content.size();
  if (read_ > kLargestDocument) throw Unreadable{RowFault::too_large, "more than 512 MiB of text"};
  return content;
}

// The sizes are those of the table: a local header may leave them out.
std::string_view ZipArchive::packed_bytes(const std::string& name, const Member& member) const {
  if (member.offset + kLocalSize > bytes_.size() || bytes_.substr(member.offset, 4) != "PK\x03\x04")
    throw damaged(name + " is not where the archive says");
  const std::size_t begin = member.offset + kLocalSize + number<std::uint16_t>(bytes_, member.offset + 26) +
                            number<std::uint16_t>(bytes_, member.offset + 28);
  if (begin + member.packed > bytes_.size()) throw damaged(name + " is cut off");
  if (member.packed > kLargestMember) throw Unreadable{RowFault::too_large, name + " is above 64 MiB"};
  return bytes_.substr(begin, member.packed);
}

std::string ZipArchive::inflated(const std::string& name, std::string_view packed) const {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw os_error("no memory for zlib");
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> closes(&stream, &inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string content;
  for (int code = Z_OK; code != Z_STREAM_END;) {
    constexpr std::size_t kStep = 1 << 18;
    const std::size_t old = content.size();
    content.resize(old + kStep);
    stream.next_out = reinterpret_cast<Bytef*>(content.data() + old);
    stream.avail_out = kStep;
    code = inflate(&stream, Z_NO_FLUSH);
    content.resize(content.size() - stream.avail_out);
    if (code != Z_OK && code != Z_STREAM_END) throw damaged(name + " holds damaged data");
    if (content.size() > kLargestMember ||
        (content.size() > kRatioFrom && content.size() > kRatio * packed.size()))
      throw Unreadable{RowFault::too_large,
                       name + " unpacks to more than " + std::to_string(content.size() >> 20) + " MiB"};
  }
  return content;
}

}  // namespace film::sources
