#pragma once
// Zip archives for tests: short members as they are, others deflated.
#include <zlib.h>

#include <cstdint>
#include <map>
#include <string>

namespace film::support {

inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

inline std::string deflated(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string zip(const std::map<std::string, std::string>& members) {
  std::string archive, table;
  for (const auto& [name, content] : members) {
    const bool stored = content.size() < 100;
    const std::string packed = stored ? content : deflated(content);
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
    const std::string sizes = little_endian(stored ? 0 : 8, 2) + little_endian(0, 4) + little_endian(crc, 4) +
                              little_endian(packed.size(), 4) + little_endian(content.size(), 4) +
                              little_endian(name.size(), 2) + little_endian(0, 2);
    table += "PK\x01\x02" + little_endian(20, 2) + little_endian(20, 2) + little_endian(0, 2) + sizes +
             little_endian(0, 10) + little_endian(archive.size(), 4) + name;
    archive += "PK\x03\x04" + little_endian(20, 2) + little_endian(0, 2) + sizes + name + packed;
  }
  return archive + table + "PK\x05\x06" + little_endian(0, 4) + little_endian(members.size(), 2) +
         little_endian(members.size(), 2) + little_endian(table.size(), 4) +
         little_endian(archive.size(), 4) + little_endian(0, 2);
}

}  // namespace film::support
