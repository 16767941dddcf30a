// The bytes of a file that xz packed; several streams in a row, as xz and pixz write them, are one text.
#include <lzma.h>

#include "film/base/error.h"
#include "mapped_stream.h"

namespace film {
namespace {

constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 30;  // xz -9 needs 65 MiB, --lzma2=dict=512MiB 513

class XzStream : public MappedStream {
 public:
  explicit XzStream(MappedFile file) : MappedStream(std::move(file)) {
    if (lzma_stream_decoder(&stream_, kMostMemory, LZMA_CONCATENATED) != LZMA_OK)
      throw os_error("no memory for xz");
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(file_.bytes().data());
    stream_.avail_in = file_.bytes().size();
  }
  ~XzStream() override { lzma_end(&stream_); }
  XzStream(const XzStream&) = delete;
  XzStream& operator=(const XzStream&) = delete;

  bool read(std::string& out) override {
    if (ended_) return false;
    const std::size_t old = out.size();
    out.resize(old + kBlock);
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data() + old);
    stream_.avail_out = kBlock;
    const lzma_ret code = lzma_code(&stream_, LZMA_FINISH);
    out.resize(out.size() - stream_.avail_out);
    ended_ = code == LZMA_STREAM_END;
    if (code == LZMA_MEMLIMIT_ERROR)
      throw bad_data(file_.path().string() + ": xz data that takes more than 1 GiB of memory to unpack",
                     "unpack it: xz -dk --memlimit=0 FILE");
    if (code != LZMA_OK && !ended_)
      throw bad_data(file_.path().string() + ": damaged or truncated xz data", kFetchAgain);
    passed(file_.bytes().size() - stream_.avail_in);
    return out.size() > old || !ended_;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> open_xz(MappedFile file) { return std::make_unique<XzStream>(std::move(file)); }

}  // namespace film
