#include "film/base/text_stream.h"

#include "film/base/unicode.h"

namespace film {
namespace {

constexpr std::string_view kLittleEndian = "\xFF\xFE", kBigEndian = "\xFE\xFF";

bool is_utf16(std::string_view head) {
  const bool utf32 = head.substr(0, 4) == std::string_view("\xFF\xFE\0\0", 4);
  return !utf32 && (head.starts_with(kLittleEndian) || head.starts_with(kBigEndian));
}

bool is_high(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// Behind its byte order mark.
class Utf16Stream : public ByteStream {
 public:
  Utf16Stream(std::unique_ptr<ByteStream> bytes, std::string head)
      : bytes_(std::move(bytes)), raw_(std::move(head)), big_(raw_.starts_with(kBigEndian)) {
    raw_.erase(0, 2);
  }

  bool read(std::string& out) override {
    const bool more = bytes_->read(raw_);
    const std::size_t even = raw_.size() / 2 * 2;
    for (std::size_t at = 0; at < even; at += 2) take(unit_at(at), out);
    raw_.erase(0, even);
    if (more) return true;
    if (finished_) return false;
    finished_ = true;
    if (high_ != 0 || !raw_.empty()) append_utf8(out, kReplacement);
    return true;
  }

 private:
  char32_t unit_at(std::size_t at) const {
    const auto first = static_cast<unsigned char>(raw_[at]),
               second = static_cast<unsigned char>(raw_[at + 1]);
    return static_cast<char32_t>(big_ ? first << 8 | second : second << 8 | first);
  }

  void take(char32_t unit, std::string& out) {
    if (high_ != 0 && is_low(unit)) {
      append_utf8(out, 0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00));
      high_ = 0;
      return;
    }
    if (high_ != 0) append_utf8(out, kReplacement);
    high_ = is_high(unit) ? unit : 0;
    if (high_ == 0) append_utf8(out, is_low(unit) ? kReplacement : unit);
  }

  std::unique_ptr<ByteStream> bytes_;
  std::string raw_;  // read, not converted yet
  const bool big_;
  char32_t high_ = 0;  // the first half of a pair
  bool finished_ = false;
};

// Bytes of which some were read already.
class ContinuedStream : public ByteStream {
 public:
  ContinuedStream(std::unique_ptr<ByteStream> bytes, std::string head)
      : bytes_(std::move(bytes)), head_(std::move(head)) {}
  bool read(std::string& out) override {
    if (head_.empty()) return bytes_->read(out);
    out += head_;
    head_.clear();
    return true;
  }

 private:
  std::unique_ptr<ByteStream> bytes_;
  std::string head_;
};

}  // namespace

std::unique_ptr<ByteStream> open_text(const fs::path& path) {
  std::unique_ptr<ByteStream> bytes = open_bytes(path);
  std::string head;
  while (head.size() < 4 && bytes->read(head)) {
  }
  if (is_utf16(head)) return std::make_unique<Utf16Stream>(std::move(bytes), std::move(head));
  return std::make_unique<ContinuedStream>(std::move(bytes), std::move(head));
}

}  // namespace film
