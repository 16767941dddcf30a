#include "film/base/lines.h"

#include <zlib.h>
#include <zstd.h>

#include <cstring>
#include <vector>

#include "film/base/error.h"

namespace film {

// A stream of decoded bytes.
class LineReader::Source {
 public:
  virtual ~Source() = default;
  // Appends up to one block to `out`; false at the end.
  virtual bool read(std::string& out) = 0;
};

namespace {

constexpr std::size_t kBlock = 1 << 18;

std::string_view head(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), std::min<std::size_t>(4, file.bytes().size())};
}

// Frames that carry no data (pzstd begins with one) have magic numbers of their own.
bool is_zstd(std::string_view head) {
  if (head.size() < 4) return false;
  return head == "\x28\xb5\x2f\xfd" || ((head[0] & 0xf0) == 0x50 && head.substr(1) == "\x2a\x4d\x18");
}

// A plain file may be short; a compressed one of less than four bytes is the beginning of a download.
void require_whole_head(const MappedFile& file) {
  const std::string ending = file.path().extension().string();
  if (head(file).size() < 4 && (ending == ".gz" || ending == ".zst"))
    throw bad_data(file.path().string() + ": truncated after " + std::to_string(head(file).size()) + " bytes",
                   "fetch the file again");
}

class PlainSource {
 public:
  explicit PlainSource(MappedFile file) : file_(std::move(file)) {}
  bool read(std::string& out) {
    const auto bytes = file_.bytes();
    if (at_ == bytes.size()) return false;
    const std::size_t n = std::min(kBlock, bytes.size() - at_);
    out.append(reinterpret_cast<const char*>(bytes.data()) + at_, n);
    at_ += n;
    return true;
  }

 private:
  MappedFile file_;
  std::size_t at_ = 0;
};

// zlib's own gzread takes a damaged second member for trailing garbage and ends silently: hence inflate.
class GzipSource {
 public:
  explicit GzipSource(MappedFile file) : file_(std::move(file)) {
    if (inflateInit2(&stream_, MAX_WBITS + 16) != Z_OK) throw os_error("no memory for zlib");
  }
  ~GzipSource() { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  bool read(std::string& out) {
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
      throw bad_data(file_.path().string() + ": damaged or truncated gzip data", "fetch the file again");
    return true;
  }

 private:
  MappedFile file_;
  z_stream stream_{};
  std::size_t at_ = 0;
  bool member_ended_ = false;
};

class ZstdSource {
 public:
  explicit ZstdSource(MappedFile file) : file_(std::move(file)), stream_(ZSTD_createDStream()) {
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, 31);  // what `zstd --long=31` needs
    in_ = {file_.bytes().data(), file_.bytes().size(), 0};
  }
  ~ZstdSource() { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;
  bool read(std::string& out) {
    if (in_.pos == in_.size && frame_ended_) return false;
    const std::size_t old = out.size();
    out.resize(old + kBlock);
    ZSTD_outBuffer block{out.data() + old, kBlock, 0};
    const std::size_t left = ZSTD_decompressStream(stream_, &block, &in_);
    out.resize(old + block.pos);
    frame_ended_ = left == 0;
    if (ZSTD_isError(left) || (in_.pos == in_.size && left != 0 && block.pos == 0))
      throw bad_data(file_.path().string() + ": damaged or truncated zstd data", "fetch the file again");
    return true;
  }

 private:
  MappedFile file_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{};
  bool frame_ended_ = false;
};

// One adaptor for the three.
template <class Base, class Kind>
class Adapted : public Base {
 public:
  explicit Adapted(const MappedFile& file) : kind_(file) {}
  bool read(std::string& out) override { return kind_.read(out); }

 private:
  Kind kind_;
};

}  // namespace

LineReader::LineReader(const fs::path& path) : path_(path) {
  const MappedFile file(path);
  require_whole_head(file);
  if (head(file).substr(0, 2) == "\x1f\x8b")
    source_ = std::make_unique<Adapted<Source, GzipSource>>(file);
  else if (is_zstd(head(file)))
    source_ = std::make_unique<Adapted<Source, ZstdSource>>(file);
  else
    source_ = std::make_unique<Adapted<Source, PlainSource>>(file);
}

LineReader::~LineReader() = default;

bool LineReader::next(std::string& line) {
  std::size_t searched = begin_;
  while (true) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      line.assign(buffer_, begin_, end - begin_);
      begin_ = end + 1;
      ++line_;
      return true;
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched = buffer_.size();
    if (!ended_) ended_ = !source_->read(buffer_);
    if (ended_ && searched == buffer_.size()) break;
  }
  if (buffer_.empty()) return false;
  line.swap(buffer_);
  buffer_.clear();
  ++line_;
  return true;
}

std::string LineReader::where() const { return path_.string() + ":" + std::to_string(line_); }

void for_each_record(const fs::path& path, const std::function<void(const Json&, const std::string&)>& use) {
  LineReader reader(path);
  std::string line;
  while (reader.next(line)) use(parse_json(line, reader.where()), reader.where());
}

}  // namespace film
