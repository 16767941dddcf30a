// The bytes of a file that bzip2 packed; several streams in a row, as pbzip2 writes them, are one text.
#include <bzlib.h>

#include <algorithm>

#include "film/base/error.h"
#include "mapped_stream.h"

namespace film {
namespace {

class Bzip2Stream : public MappedStream {
 public:
  explicit Bzip2Stream(MappedFile file) : MappedStream(std::move(file)) { begin(); }
  ~Bzip2Stream() override { BZ2_bzDecompressEnd(&stream_); }
  Bzip2Stream(const Bzip2Stream&) = delete;
  Bzip2Stream& operator=(const Bzip2Stream&) = delete;

  bool read(std::string& out) override {
    const auto bytes = file_.bytes();
    if (stream_ended_) {
      if (at_ == bytes.size()) return false;
      BZ2_bzDecompressEnd(&stream_);
      begin();
    }
    const std::size_t old = out.size(), given = std::min(kBlock, bytes.size() - at_);
    out.resize(old + kBlock);
    stream_.next_in = reinterpret_cast<char*>(const_cast<std::byte*>(bytes.data() + at_));
    stream_.avail_in = static_cast<unsigned>(given);
    stream_.next_out = out.data() + old;
    stream_.avail_out = static_cast<unsigned>(kBlock);
    const int code = BZ2_bzDecompress(&stream_);
    at_ += given - stream_.avail_in;
    out.resize(out.size() - stream_.avail_out);
    stream_ended_ = code == BZ_STREAM_END;
    const bool starved = at_ == bytes.size() && out.size() == old;
    if ((code != BZ_OK && !stream_ended_) || (starved && !stream_ended_))
      throw bad_data(file_.path().string() + ": damaged or truncated bzip2 data", kFetchAgain);
    passed(at_);
    return true;
  }

 private:
  void begin() {
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw os_error("no memory for bzip2");
    stream_ended_ = false;
  }

  bz_stream stream_{};
  std::size_t at_ = 0;
  bool stream_ended_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> open_bzip2(MappedFile file) {
  return std::make_unique<Bzip2Stream>(std::move(file));
}

}  // namespace film
