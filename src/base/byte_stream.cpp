#include "film/base/byte_stream.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "film/base/error.h"
#include "mapped_stream.h"

namespace film {
namespace {

constexpr std::size_t kHead = 16;  // bytes that tell how a file is compressed

std::string_view head(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), std::min(kHead, file.bytes().size())};
}

// A plain file may be short; a compressed one of less than four bytes is the beginning of a download.
void require_whole_head(const MappedFile& file) {
  const std::string ending = file.path().extension().string();
  const bool packed = std::ranges::find(kPackedEndings, ending) != kPackedEndings.end();
  if (packed && head(file).size() < 4)
    throw bad_data(file.path().string() + ": truncated after " + std::to_string(head(file).size()) + " bytes",
                   kFetchAgain);
}

class PlainStream : public MappedStream {
 public:
  explicit PlainStream(MappedFile file) : MappedStream(std::move(file)) {}
  bool read(std::string& out) override {
    const auto bytes = file_.bytes();
    if (at_ == bytes.size()) return false;
    const std::size_t n = std::min(kBlock, bytes.size() - at_);
    out.append(reinterpret_cast<const char*>(bytes.data()) + at_, n);
    at_ += n;
    passed(at_);
    return true;
  }

 private:
  std::size_t at_ = 0;
};

// zlib's own gzread takes a damaged second member for trailing garbage and ends silently: hence inflate.
class GzipStream : public MappedStream {
 public:
  explicit GzipStream(MappedFile file) : MappedStream(std::move(file)) {
    if (inflateInit2(&stream_, MAX_WBITS + 16) != Z_OK) throw os_error("no memory for zlib");
  }
  ~GzipStream() override { inflateEnd(&stream_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  bool read(std::string& out) override {
    const auto bytes = file_.bytes();
    if (member_ended_) {
      while (at_ < bytes.size() && bytes[at_] == std::byte{0}) ++at_;  // padding, as gzip accepts it
      if (at_ == bytes.size()) return false;
      inflateReset(&stream_);
    }
    const std::size_t old = out.size(), given = std::min(kBlock, bytes.size() - at_);
    out.resize(old + kBlock);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data() + at_));
    stream_.avail_in = static_cast<uInt>(given);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + old);
    stream_.avail_out = static_cast<uInt>(kBlock);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    at_ += given - stream_.avail_in;
    out.resize(out.size() - stream_.avail_out);
    member_ended_ = code == Z_STREAM_END;
    if (code != Z_OK && code != Z_STREAM_END)  // Z_BUF_ERROR: nothing left to read
      throw bad_data(file_.path().string() + ": damaged or truncated gzip data", kFetchAgain);
    passed(at_);
    return true;
  }

 private:
  z_stream stream_{};
  std::size_t at_ = 0;
  bool member_ended_ = false;
};

class ZstdStream : public MappedStream {
 public:
  explicit ZstdStream(MappedFile file)
      : MappedStream(std::move(file)), in_{file_.bytes().data(), file_.bytes().size(), 0} {
    if (stream_ == nullptr) throw os_error("no memory for zstd");
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 31);  // what `zstd --long=31` needs
  }
  bool read(std::string& out) override {
    if (in_.pos == in_.size && frame_ended_) return false;
    const std::size_t old = out.size();
    out.resize(old + kBlock);
    ZSTD_outBuffer block{out.data() + old, kBlock, 0};
    const std::size_t left = ZSTD_decompressStream(stream_.get(), &block, &in_);
    out.resize(old + block.pos);
    frame_ended_ = left == 0;
    if (ZSTD_isError(left) || (in_.pos == in_.size && left != 0 && block.pos == 0))
      throw bad_data(file_.path().string() + ": damaged or truncated zstd data", kFetchAgain);
    passed(in_.pos);
    return true;
  }

 private:
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_{ZSTD_createDStream(), ZSTD_freeDStream};
  ZSTD_inBuffer in_{};
  bool frame_ended_ = false;
};

}  // namespace

Compression compression_of(std::string_view head) {
  if (head.starts_with("\x1f\x8b")) return Compression::gzip;
  // Frames that carry no data (pzstd begins with one) have magic numbers of their own.
  const bool skippable = head.size() >= 4 && (head[0] & 0xf0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18";
  if (skippable || head.starts_with("\x28\xb5\x2f\xfd")) return Compression::zstd;
  if (head.starts_with(std::string_view("\xFD"
                                        "7zXZ\0",
                                        6)))
    return Compression::xz;
  // A text may begin with "BZh9"; what follows are the digits of pi, or those of its root where there is no block.
  const bool sized = head.size() >= 10 && head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9';
  const bool block =
      sized && (head.substr(4, 6) == "1AY&SY" || head.substr(4, 6) == "\x17\x72\x45\x38\x50\x90");
  return block ? Compression::bzip2 : Compression::none;
}

std::unique_ptr<ByteStream> open_bytes(const fs::path& path) {
  MappedFile file(path);
  require_whole_head(file);
  switch (compression_of(head(file))) {
    case Compression::gzip:
      return std::make_unique<GzipStream>(std::move(file));
    case Compression::zstd:
      return std::make_unique<ZstdStream>(std::move(file));
    case Compression::xz:
      return open_xz(std::move(file));
    case Compression::bzip2:
      return open_bzip2(std::move(file));
    case Compression::none:
      break;
  }
  return std::make_unique<PlainStream>(std::move(file));
}

}  // namespace film
