#include "film/train/optimizer_state.h"

#include <algorithm>
#include <array>
#include <future>

namespace film {
namespace {

constexpr std::int64_t kPiece = 1 << 20;  // elements

// The first `length` elements of a staging buffer, as chunk `like`.
OptimizerState::Chunk part(const OptimizerState::Chunk& buffer, const OptimizerState::Chunk& like) {
  const auto head = [&](const Tensor& x) { return x.defined() ? x.narrow(0, 0, like.length) : x; };
  return {like.begin, like.length, head(buffer.first), head(buffer.second), head(buffer.remainder)};
}

}  // namespace

OptimizerState::OptimizerState(const ModelConfig& config, at::ScalarType weights,
                               const MemorySettings& memory, const fs::path& folder)
    : config_(config), elements_(config.parameters()), staged_(memory.state != "resident") {
  const bool split = weights == at::kBFloat16;
  const at::ScalarType moments = split ? at::kFloat : weights;
  chunk_ = memory.chunk_elements(split);
  if (memory.state == "file") {
    const auto n = static_cast<std::uint64_t>(elements_), s = c10::elementSize(moments);
    file_.emplace(folder, n * (2 * s + (split ? 2 : 0)));
    first_ = region(0, moments);
    second_ = region(n * s, moments);
    if (split) remainder_ = region(2 * n * s, at::kShort);
    return;
  }
  first_ = at::zeros({elements_}, moments);
  second_ = at::zeros({elements_}, moments);
  if (split) remainder_ = at::zeros({elements_}, at::kShort);
}

Tensor OptimizerState::region(std::uint64_t offset, at::ScalarType type) const {
  return at::from_blob(
      file_->bytes().data() + offset, {elements_}, [owner = file_->owner()](void*) {}, at::dtype(type));
}

OptimizerState::Chunk OptimizerState::stored(std::int64_t begin) const {
  const std::int64_t length = std::min(chunk_, elements_ - begin);
  const auto slice = [&](const Tensor& x) { return x.defined() ? x.narrow(0, begin, length) : x; };
  return {begin, length, slice(first_), slice(second_), slice(remainder_)};
}

void OptimizerState::release(const Tensor& view) const {
  if (!file_ || !view.defined()) return;
  const auto* begin = static_cast<const std::byte*>(view.const_data_ptr());
  file_->release(static_cast<std::uint64_t>(begin - file_->bytes().data()), view.nbytes());
}

void OptimizerState::for_each_chunk(const std::function<void(const Chunk&)>& use) {
  if (!staged_) {
    for (std::int64_t begin = 0; begin < elements_; begin += chunk_) use(stored(begin));
    return;
  }
  std::array<Chunk, 2> buffers;
  for (Chunk& buffer : buffers) {
    const auto like = [&](const Tensor& x) {
      return x.defined() ? at::empty({std::min(chunk_, elements_)}, x.options()) : x;
    };
    buffer = {0, 0, like(first_), like(second_), like(remainder_)};
  }
  // A piece at a time, so that the file tier never has more than a piece of the file in memory.
  const auto move = [&](std::int64_t begin, bool in) {
    const Chunk there = stored(begin), here = part(buffers[(begin / chunk_) % 2], there);
    for (const auto& [disk, memory] :
         {std::pair{there.first, here.first}, std::pair{there.second, here.second},
          std::pair{there.remainder, here.remainder}})
      for (std::int64_t at = 0; disk.defined() && at < there.length; at += kPiece) {
        Tensor far = disk.narrow(0, at, std::min(kPiece, there.length - at)),
               near = memory.narrow(0, at, far.size(0));
        in ? near.copy_(far) : far.copy_(near);
        release(far);
      }
  };
  const auto read = [&](std::int64_t begin) { move(begin, true); };
  const auto write = [&](std::int64_t begin) { move(begin, false); };
  if (elements_ > 0) read(0);
  for (std::int64_t begin = 0; begin < elements_; begin += chunk_) {
    // The other buffer: what it holds goes back, then the next chunk comes in.
    std::future<void> other = std::async(std::launch::async, [&, begin] {
      if (begin > 0) write(begin - chunk_);
      if (begin + chunk_ < elements_) read(begin + chunk_);
    });
    use(part(buffers[(begin / chunk_) % 2], stored(begin)));
    other.get();
  }
  if (elements_ > 0) write((elements_ - 1) / chunk_ * chunk_);
}

NamedTensors OptimizerState::named(const Tensor& flat) const {
  NamedTensors list;
  std::int64_t begin = 0;
  for_each_parameter(shapes_of(config_), config_,
                     [&](const std::string& name, const Tensor& x, ParameterKind) {
                       list.emplace_back(name, flat.narrow(0, begin, x.numel()).view(x.sizes()));
                       begin += x.numel();
                     });
  return list;
}

}  // namespace film
