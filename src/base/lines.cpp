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

}  // namespace

namespace {

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

class GzipSource {
 public:
  explicit GzipSource(const MappedFile& file) : path_(file.path()), file_(gzopen(path_.c_str(), "rb")) {
    if (file_ == nullptr) throw io_error("cannot open " + path_.string());
    gzbuffer(file_, kBlock);
  }
  ~GzipSource() { gzclose(file_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  bool read(std::string& out) {
    const std::size_t old = out.size();
    out.resize(old + kBlock);
    const int n = gzread(file_, out.data() + old, kBlock);
    out.resize(old + static_cast<std::size_t>(std::max(n, 0)));
    int code = Z_OK;
    const char* text = gzerror(file_, &code);
    if (n < 0 || (code != Z_OK && code != Z_STREAM_END))
      throw bad_data(path_.string() + ": damaged or truncated gzip data: " + text, "fetch the file again");
    return n > 0;
  }

 private:
  fs::path path_;
  gzFile file_;
};

class ZstdSource {
 public:
  explicit ZstdSource(MappedFile file) : file_(std::move(file)), stream_(ZSTD_createDStream()) {
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
  template <class File>
  explicit Adapted(File&& file) : kind_(std::forward<File>(file)) {}
  bool read(std::string& out) override { return kind_.read(out); }

 private:
  Kind kind_;
};

}  // namespace

LineReader::LineReader(const fs::path& path) : path_(path) {
  const MappedFile file(path);
  if (head(file).substr(0, 2) == "\x1f\x8b")
    source_ = std::make_unique<Adapted<Source, GzipSource>>(file);
  else if (head(file) == "\x28\xb5\x2f\xfd")
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
