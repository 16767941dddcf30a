#include "shard_file.h"

#include <cstring>
#include <type_traits>

#include "film/base/error.h"

namespace film::corpus {
namespace {

// The same description of a batch writes and reads it: `Pack` appends what it visits, `Unpack` takes it.
class Pack {
 public:
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(const T& value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void operator()(const std::string& text) {
    (*this)(std::uint64_t{text.size()});
    bytes += text;
  }
  template <class T, class Each>
  void list(const std::vector<T>& values, Each each) {
    (*this)(std::uint64_t{values.size()});
    for (const T& value : values) each(*this, value);
  }

  std::string bytes;
};

class Unpack {
 public:
  Unpack(std::string_view bytes, const fs::path& path) : bytes_(bytes), path_(path) {}

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& value) { std::memcpy(&value, take(sizeof value).data(), sizeof value); }
  void operator()(std::string& text) { text = take(size()); }
  template <class T, class Each>
  void list(std::vector<T>& values, Each each) {
    for (std::uint64_t left = size(); left > 0; --left) each(*this, values.emplace_back());
  }
  bool ended() const { return bytes_.empty(); }

 private:
  std::uint64_t size() {
    std::uint64_t size = 0;
    (*this)(size);
    return size;
  }
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size())
      throw bad_data(path_.string() + ": a shard that is damaged", "make the shard again");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
  const fs::path& path_;
};

constexpr auto kPlain = [](auto& visit, auto& value) { visit(value); };

constexpr auto kNeedle = [](auto& visit, auto& needle) {
  bool there = needle.has_value();
  visit(there);
  if (!there) return;
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(needle)>>) needle.emplace();
  visit(needle->attribute);
  visit(needle->value);
  visit(needle->sentence);
};

constexpr auto kDocument = [](auto& visit, auto& document) {
  auto& stored = document.stored;
  visit(stored.info.source);
  visit(stored.info.line);
  visit(stored.info.title);
  visit(stored.info.split);
  visit(stored.info.segments);
  visit.list(stored.rows, kPlain);
  visit(stored.tokens);
  visit.list(stored.needles, kNeedle);
  visit(stored.line);
  visit(stored.continues);
  visit(stored.cuts);
  visit.list(document.attributes, kPlain);
  visit.list(document.hashes, kPlain);
  visit(document.key);
};

constexpr auto kText = [](auto& visit, auto& text) {
  visit(text.row);
  visit(text.file);
  visit(text.line);
  visit(text.fingerprint.key);
  visit(text.fingerprint.empty);
  if (!text.fingerprint.empty) visit(text.fingerprint.minima);
  visit.list(text.documents, kDocument);
};

constexpr auto kOdd = [](auto& visit, auto& row) {
  visit(row.row);
  visit(row.file);
  visit(row.where);
  visit(row.reason);
  visit(row.detail);
  visit(row.left_out);
};

constexpr auto kNoted = [](auto& visit, auto& note) {
  visit(note.first);
  visit(note.second);
};

}  // namespace

void ShardWriter::add(const PreparedBatch& batch) {
  Pack pack;
  pack.list(batch.texts, kText);
  pack.list(batch.odd, kOdd);
  const std::vector<std::pair<std::string, std::uint64_t>> noted(batch.noted.begin(), batch.noted.end());
  pack.list(noted, kNoted);
  pack(batch.bytes);
  const std::uint64_t size = pack.bytes.size();
  file_.write_values(std::span(&size, 1));
  file_.write(pack.bytes);
}

std::optional<PreparedBatch> ShardReader::next() {
  const std::string_view bytes(reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size());
  if (at_ == bytes.size()) return std::nullopt;
  std::uint64_t size = 0;
  Unpack(bytes.substr(at_), file_.path())(size);
  at_ += sizeof size;
  Unpack unpack(bytes.substr(at_, size), file_.path());
  PreparedBatch batch;
  unpack.list(batch.texts, kText);
  unpack.list(batch.odd, kOdd);
  std::vector<std::pair<std::string, std::uint64_t>> noted;
  unpack.list(noted, kNoted);
  batch.noted = {noted.begin(), noted.end()};
  unpack(batch.bytes);
  file_.release(at_, size);
  at_ += size;
  return batch;
}

}  // namespace film::corpus
