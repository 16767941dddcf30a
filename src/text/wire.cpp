#include "wire.h"

namespace film::text {

bool WireReader::next(WireField& field) {
  if (damaged_ || at_ == message_.size()) return false;
  const std::size_t begin = at_;
  std::uint64_t key = 0;
  field = {};
  if (!varint(key) || (field.number = key >> 3) == 0 || !payload(key & 7, field)) {
    at_ = begin;
    damaged_ = true;
    return false;
  }
  field.encoded = message_.substr(begin, at_ - begin);
  return true;
}

bool WireReader::payload(unsigned type, WireField& field) {
  switch (type) {
    case 0:
      return varint(field.value);
    case 1:
      return skip(8);
    case 2: {
      std::uint64_t size = 0;
      if (!varint(size)) return false;
      const std::size_t begin = at_;
      if (!skip(size)) return false;
      field.bytes = message_.substr(begin, static_cast<std::size_t>(size));
      return true;
    }
    case 5:
      field.bytes = message_.substr(at_, 4);
      return skip(4);
    default:
      return false;  // groups are not used by SentencePiece
  }
}

bool WireReader::varint(std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && at_ < message_.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(message_[at_++]);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool WireReader::skip(std::uint64_t size) {
  if (size > message_.size() - at_) return false;
  at_ += static_cast<std::size_t>(size);
  return true;
}

}  // namespace film::text
