#include "film/train/optimizer_state.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <array>
#include <future>

#include "film/kernels/device.h"

namespace film::train {
namespace {

constexpr std::int64_t kPiece = 1 << 20;  // elements

// The first `length` elements of a staging buffer, as chunk `like`.
OptimizerState::Chunk part(const OptimizerState::Chunk& buffer, const OptimizerState::Chunk& like) {
  const auto head = [&](const Tensor& x) { return x.defined() ? x.narrow(0, 0, like.length) : x; };
  return {like.begin, like.length, head(buffer.first), head(buffer.second), head(buffer.remainder)};
}

}  // namespace

OptimizerState::OptimizerState(const engine::ModelConfig& config, const at::TensorOptions& weights,
                               const engine::MemorySettings& memory, const fs::path& folder)
    : config_(config),
      elements_(config.parameters()),
      staged_(memory.state != "resident"),
      device_(weights.device()) {
  const at::ScalarType type = c10::typeMetaToScalarType(weights.dtype());
  const bool split = type == at::kBFloat16;
  const at::ScalarType moments = split ? at::kFloat : type;
  chunk_ = memory.chunk_elements(split);
  if (memory.state == "file") {
    const auto n = static_cast<std::uint64_t>(elements_), s = c10::elementSize(moments);
    file_.emplace(folder, n * (2 * s + (split ? 2 : 0)));
    first_ = region(0, moments);
    second_ = region(n * s, moments);
    if (split) remainder_ = region(2 * n * s, at::kShort);
    return;
  }
  const auto place = at::device(staged_ ? at::kCPU : device_);
  first_ = at::zeros({elements_}, place.dtype(moments));
  second_ = at::zeros({elements_}, place.dtype(moments));
  if (split) remainder_ = at::zeros({elements_}, place.dtype(at::kShort));
  // Ordinary memory, pinned afterwards: Torch's pinned allocator would round 29 GB up to 32, and views by
  // parameter stay views.
  if (staged_ && device_.is_cuda())
    for (const Tensor& x : {first_, second_, remainder_})
      if (x.defined()) pins_.push_back(kernels::pin(x));
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
  if (staged_ && elements_ > 0) return device_.is_cuda() ? stage_by_stream(use) : stage_by_thread(use);
  for (std::int64_t begin = 0; begin < elements_; begin += chunk_) use(stored(begin));
}

// Two buffers of a chunk each, where the weights are.
std::array<OptimizerState::Chunk, 2> OptimizerState::staging() const {
  const auto like = [&](const Tensor& x) {
    return x.defined() ? at::empty({std::min(chunk_, elements_)}, x.options().device(device_)) : x;
  };
  std::array<Chunk, 2> buffers;
  for (Chunk& buffer : buffers) buffer = {0, 0, like(first_), like(second_), like(remainder_)};
  return buffers;
}

// A piece at a time, so that the file tier never has more than a piece of the file in memory. To and from a
// card the copies are queued on the current stream.
void OptimizerState::move(const Chunk& buffer, const Chunk& there, bool in) const {
  const Chunk here = part(buffer, there);
  for (const auto& [disk, memory] : {std::pair{there.first, here.first}, std::pair{there.second, here.second},
                                     std::pair{there.remainder, here.remainder}})
    for (std::int64_t at = 0; disk.defined() && at < there.length; at += kPiece) {
      Tensor far = disk.narrow(0, at, std::min(kPiece, there.length - at)),
             near = memory.narrow(0, at, far.size(0));
      in ? near.copy_(far, /*non_blocking=*/true) : far.copy_(near, /*non_blocking=*/true);
      release(far);
    }
}

void OptimizerState::stage_by_thread(const std::function<void(const Chunk&)>& use) {
  const std::array<Chunk, 2> buffers = staging();
  const auto buffer_of = [&](std::int64_t begin) -> const Chunk& { return buffers[(begin / chunk_) % 2]; };
  const auto read = [&](std::int64_t begin) { move(buffer_of(begin), stored(begin), true); };
  const auto write = [&](std::int64_t begin) { move(buffer_of(begin), stored(begin), false); };
  read(0);
  for (std::int64_t begin = 0; begin < elements_; begin += chunk_) {
    // The other buffer: what it holds goes back, then the next chunk comes in.
    std::future<void> other = std::async(std::launch::async, [&, begin] {
      if (begin > 0) write(begin - chunk_);
      if (begin + chunk_ < elements_) read(begin + chunk_);
    });
    use(part(buffer_of(begin), stored(begin)));
    other.get();
  }
  write((elements_ - 1) / chunk_ * chunk_);
}

namespace {

// Copies end before their buffers are freed, also when a step throws.
struct Finish {
  c10::Stream stream;
  ~Finish() {
    try {
      stream.synchronize();
    } catch (const std::exception&) {  // the error that ends the step is on its way already
    }
  }
};

}  // namespace

// The same with everything queued: copies on a stream of their own, events where one waits for the other.
void OptimizerState::stage_by_stream(const std::function<void(const Chunk&)>& use) {
  const std::array<Chunk, 2> buffers = staging();
  const c10::impl::VirtualGuardImpl card(device_.type());
  const c10::Stream steps = card.getStream(device_), copies = card.getStreamFromGlobalPool(device_);
  const Finish finish{copies};
  std::array<c10::Event, 2> filled{c10::Event(device_.type()), c10::Event(device_.type())},
      used{c10::Event(device_.type()), c10::Event(device_.type())};
  const auto slot = [&](std::int64_t begin) { return static_cast<std::size_t>((begin / chunk_) % 2); };
  const auto copy = [&](std::int64_t begin, bool in) {
    const c10::StreamGuard guard(copies);
    if (!in) used[slot(begin)].block(copies);
    move(buffers[slot(begin)], stored(begin), in);
    if (in) filled[slot(begin)].record(copies);
  };
  c10::Event allocated(device_.type());  // what had the buffers' memory before is done with it
  allocated.record(steps);
  allocated.block(copies);
  copy(0, true);
  for (std::int64_t begin = 0; begin < elements_; begin += chunk_) {
    if (begin > 0) copy(begin - chunk_, false);
    if (begin + chunk_ < elements_) copy(begin + chunk_, true);
    filled[slot(begin)].block(steps);
    use(part(buffers[slot(begin)], stored(begin)));
    used[slot(begin)].record(steps);
  }
  copy((elements_ - 1) / chunk_ * chunk_, false);
  copies.synchronize();  // the state is read by checkpoints, the buffers are freed
}

checkpoint::NamedTensors OptimizerState::named(const Tensor& flat) const {
  checkpoint::NamedTensors list;
  std::int64_t begin = 0;
  model::for_each_parameter(model::shapes_of(config_), config_,
                            [&](const std::string& name, const Tensor& x, model::ParameterKind) {
                              list.emplace_back(name, flat.narrow(0, begin, x.numel()).view(x.sizes()));
                              begin += x.numel();
                            });
  return list;
}

}  // namespace film::train
