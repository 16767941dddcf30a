#pragma once
// A reader of protobuf's wire format that trusts nothing: SentencePiece is given only what this
// has walked through.
#include <cstdint>
#include <string_view>

namespace film::text {

struct WireField {
  std::uint64_t number = 0;
  std::uint64_t value = 0;   // of a varint
  std::string_view bytes;    // of a length-delimited field, or the four of a fixed one
  std::string_view encoded;  // the whole field, key included
};

class WireReader {
 public:
  explicit WireReader(std::string_view message) : message_(message) {}
  // False at the end, and at damage (then damaged() says where it stopped).
  bool next(WireField& field);
  bool damaged() const { return damaged_; }
  std::size_t offset() const { return at_; }

 private:
  bool varint(std::uint64_t& value);
  bool payload(unsigned type, WireField& field);
  bool skip(std::uint64_t size);
  std::string_view message_;
  std::size_t at_ = 0;
  bool damaged_ = false;
};

}  // namespace film::text
