#include "source_hashes.h"

#include <algorithm>

namespace film::corpus {

void SourceHashes::follow(std::uint64_t bytes) {
  pending_ += bytes;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  for (std::uint64_t left = pending_.exchange(0); left > 0 && hashes_.size() < files_.size();)
    left -= hash_piece(left);
}

// Hashes some bytes of the file behind those that are done and says how many; none: that was its end.
std::uint64_t SourceHashes::hash_piece(std::uint64_t most) {
  constexpr std::size_t kPiece = 1 << 18;
  const fs::path& path = files_[hashes_.size()].path;
  if (!hash_) {
    file_ = open_for_reading(path);
    hash_.emplace();
    buffer_.resize(kPiece);
  }
  const std::size_t wanted = std::min<std::uint64_t>(most, kPiece);
  const std::size_t size = read_some(file_, std::span(buffer_).first(wanted), path);
  hash_->add({buffer_.data(), size});
  if (size > 0) return size;
  hashes_.push_back(hash_->hex());
  hash_.reset();
  file_ = FileDescriptor();
  return 0;
}

std::string SourceHashes::of(std::size_t i) {
  {
    const std::lock_guard lock(mutex_);
    if (hash_ && i == hashes_.size())
      while (hash_piece(UINT64_MAX) > 0) {
      }
    if (i < hashes_.size()) return hashes_[i];
  }
  return sha256_file(files_[i].path);
}

}  // namespace film::corpus
