#pragma once
// Private to the module: streams through a mapped file.
#include <memory>

#include "film/base/byte_stream.h"

namespace film {

inline constexpr std::size_t kBlock = 1 << 18;  // bytes that a read appends at most
inline constexpr const char* kFetchAgain = "fetch the file again";

// What streams through a mapped file share: they go through it once.
class MappedStream : public ByteStream {
 protected:
  explicit MappedStream(MappedFile file) : file_(std::move(file)) {}

  // All before `at` has been read: its pages are given back from time to time, so that memory does not grow with the file.
  void passed(std::size_t at) {
    constexpr std::size_t kStep = 16 << 20;
    if (at - released_ < kStep) return;
    file_.release(released_, at - released_);
    released_ = at;
  }

  MappedFile file_;

 private:
  std::size_t released_ = 0;
};

std::unique_ptr<ByteStream> open_xz(MappedFile file);
std::unique_ptr<ByteStream> open_bzip2(MappedFile file);

}  // namespace film
