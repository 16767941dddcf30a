#pragma once
// Private to the module: members of a zip archive, in memory and within limits. What an archive says of sizes is not
// believed: bytes are counted as they are unpacked. Nothing is written to disk.
#include <cstdint>
#include <map>
#include <string>

#include "film/base/files.h"

namespace film::sources {

class ZipArchive {
 public:
  // Throws Unreadable: the table of members is missing or damaged, or there are more than 10,000.
  explicit ZipArchive(const fs::path& path);

  bool has(const std::string& name) const { return members_.contains(name); }
  // Throws Unreadable: missing, damaged, encrypted; too_large beyond kLargestMember, kLargestDocument in all, or 200 times
  // its packed size once above 10 MiB.
  std::string read(const std::string& name);

 private:
  struct Member {
    std::uint64_t offset = 0, packed = 0;  // offset: of its local header
    std::uint32_t checksum = 0;
    std::uint16_t method = 0, flags = 0;
  };
  std::string_view packed_bytes(const std::string& name, const Member& member) const;
  std::string inflated(const std::string& name, std::string_view packed) const;

  MappedFile file_;
  std::string_view bytes_;
  std::map<std::string, Member> members_;
  std::size_t read_ = 0;  // bytes unpacked so far
};

}  // namespace film::sources
