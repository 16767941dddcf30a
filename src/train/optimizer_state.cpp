#include "optimizer_state.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <array>
#include <future>

#include "film/base/error.h"
#include "film/kernels/device.h"
#include "host_buffer.h"
#include "staging.h"

namespace film::train {
namespace {

using engine::Offload;
using engine::Precision;

constexpr std::int64_t kPiece = 1 << 20;  // elements

// The first elements of a staging buffer, as chunk `like`.
OptimizerState::Chunk part(const OptimizerState::Chunk& buffer, const OptimizerState::Chunk& like) {
  const auto head = [&](const Tensor& x) { return x.defined() ? x.narrow(0, 0, like.range.length()) : x; };
  return {like.range, head(buffer.first), head(buffer.second), head(buffer.remainder)};
}

// Lets go of the memory behind a view of the file; its content stays.
void release(const ScratchFile& file, const Tensor& view) {
  const auto* begin = static_cast<const std::byte*>(view.const_data_ptr());
  file.release(static_cast<std::uint64_t>(begin - file.bytes().data()), view.nbytes());
}

}  // namespace

OptimizerState::OptimizerState(const model::ParameterList& parameters, const model::Range& owned,
                               const engine::MemorySettings& memory, const fs::path& folder)
    : parameters_(parameters),
      owned_(owned),
      staged_((memory.offload == Offload::cpu || memory.offload == Offload::disk) && owned.length() > 0),
      device_(parameters.options().device()) {
  const at::ScalarType type = c10::typeMetaToScalarType(parameters.options().dtype());
  const bool split = type == at::kBFloat16;
  const Precision precision = split ? Precision::bfloat16 : Precision::float32;
  chunk_ = memory.chunk_elements(precision);
  if (memory.offload == Offload::disk)
    file_.emplace(folder, static_cast<std::uint64_t>(owned.length() * engine::state_bytes(precision)));
  allocate(split ? at::kFloat : type, split);
}

void OptimizerState::allocate(at::ScalarType moments, bool split) {
  if (file_) {
    const auto bytes = static_cast<std::uint64_t>(owned_.length()) * c10::elementSize(moments);
    first_ = region(0, moments);
    second_ = region(bytes, moments);
    if (split) remainder_ = region(2 * bytes, at::kShort);
    return;
  }
  const auto zeros = [&](at::ScalarType type) {
    return staged_ ? host_zeros(owned_.length(), type)
                   : at::zeros({owned_.length()}, at::device(device_).dtype(type));
  };
  first_ = zeros(moments);
  second_ = zeros(moments);
  if (split) remainder_ = zeros(at::kShort);
  // Ordinary memory, pinned afterwards: Torch's pinned allocator would round 29 GB up to 32, and views by
  // parameter stay views.
  if (staged_ && device_.is_cuda())
    for (const Tensor& x : {first_, second_, remainder_})
      if (x.defined()) pins_.push_back(kernels::pin(x));
}

Tensor OptimizerState::region(std::uint64_t offset, at::ScalarType type) const {
  return at::from_blob(
      file_->bytes().data() + offset, {owned_.length()}, [owner = file_->owner()](void*) {}, at::dtype(type));
}

// The chunk whose first element is the owned one of number `begin`.
OptimizerState::Chunk OptimizerState::chunk_at(std::int64_t begin) const {
  const std::int64_t length = std::min(chunk_, owned_.length() - begin);
  const auto slice = [&](const Tensor& x) { return x.defined() ? x.narrow(0, begin, length) : x; };
  const std::int64_t first = owned_.begin + begin;
  return {{first, first + length}, slice(first_), slice(second_), slice(remainder_)};
}

void OptimizerState::for_each_chunk(const std::function<void(const Chunk&)>& use) {
  if (staged_) return device_.is_cuda() ? stage_by_stream(use) : stage_by_thread(use);
  for (std::int64_t begin = 0; begin < owned_.length(); begin += chunk_) use(chunk_at(begin));
}

// Two buffers of a chunk each, where the weights are.
std::array<OptimizerState::Chunk, 2> OptimizerState::staging() const {
  const auto like = [&](const Tensor& x) {
    return x.defined() ? at::empty({std::min(chunk_, owned_.length())}, x.options().device(device_)) : x;
  };
  std::array<Chunk, 2> buffers;
  for (Chunk& buffer : buffers) buffer = {{}, like(first_), like(second_), like(remainder_)};
  return buffers;
}

// The disk tier a piece at a time, so that it never has more than a piece of the file in memory. To and from a GPU the
// copies are queued on the current stream.
void OptimizerState::move(const Chunk& buffer, const Chunk& there, bool in) const {
  const Chunk here = part(buffer, there);
  const std::int64_t piece = file_ ? kPiece : std::max<std::int64_t>(1, there.range.length());
  for (const auto& [disk, memory] : {std::pair{there.first, here.first}, std::pair{there.second, here.second},
                                     std::pair{there.remainder, here.remainder}})
    for (std::int64_t at = 0; disk.defined() && at < disk.numel(); at += piece) {
      Tensor far = disk.narrow(0, at, std::min(piece, disk.numel() - at)),
             near = memory.narrow(0, at, far.size(0));
      if (in)
        near.copy_(far, /*non_blocking=*/true);
      else
        far.copy_(near, /*non_blocking=*/true);
      if (file_) release(*file_, far);
    }
}

void OptimizerState::stage_by_thread(const std::function<void(const Chunk&)>& use) {
  const std::int64_t elements = owned_.length();
  const std::array<Chunk, 2> buffers = staging();
  const auto buffer_of = [&](std::int64_t begin) -> const Chunk& { return buffers[(begin / chunk_) % 2]; };
  const auto read = [&](std::int64_t begin) { move(buffer_of(begin), chunk_at(begin), true); };
  const auto write = [&](std::int64_t begin) { move(buffer_of(begin), chunk_at(begin), false); };
  read(0);
  for (std::int64_t begin = 0; begin < elements; begin += chunk_) {
    // The other buffer: what it holds goes back, then the next chunk comes in.
    std::future<void> other = std::async(std::launch::async, [&, begin] {
      if (begin > 0) write(begin - chunk_);
      if (begin + chunk_ < elements) read(begin + chunk_);
    });
    use(part(buffer_of(begin), chunk_at(begin)));
    other.get();
  }
  write((elements - 1) / chunk_ * chunk_);
}

namespace {

// Streams of a GPU as the queues of stage_chunks. Copies end before their buffers are freed, also when a step throws.
class GpuQueues {
 public:
  using Work = std::function<void(std::int64_t chunk, std::size_t buffer)>;
  GpuQueues(const at::Device& device, Work in, Work step, Work out)
      : gpu_(device.type()),
        streams_{gpu_.getStreamFromGlobalPool(device), gpu_.getStream(device),
                 gpu_.getStreamFromGlobalPool(device)},
        in_(std::move(in)),
        step_(std::move(step)),
        out_(std::move(out)) {
    for (auto& events : events_)
      for (std::size_t buffer = 0; buffer < 2; ++buffer) events.emplace_back(device.type());
    c10::Event allocated(device.type());  // what had the buffers' memory before is done with it
    allocated.record(stream(Queue::steps));
    for (const Queue queue : {Queue::reads, Queue::writes}) allocated.block(stream(queue));
  }
  ~GpuQueues() {
    try {
      synchronise();
    } catch (const std::exception&) {  // the error that ends the step is on its way already
    }
  }
  GpuQueues(const GpuQueues&) = delete;
  GpuQueues& operator=(const GpuQueues&) = delete;

  void read(std::int64_t chunk, std::size_t buffer) { on(Queue::reads, in_, chunk, buffer); }
  void step(std::int64_t chunk, std::size_t buffer) { on(Queue::steps, step_, chunk, buffer); }
  void write(std::int64_t chunk, std::size_t buffer) { on(Queue::writes, out_, chunk, buffer); }
  void record(Queue queue, Mark mark, std::size_t buffer) { event(mark, buffer).record(stream(queue)); }
  void wait(Queue queue, Mark mark, std::size_t buffer) { event(mark, buffer).block(stream(queue)); }
  void synchronise() const {
    for (const Queue queue : {Queue::reads, Queue::writes})
      streams_[static_cast<std::size_t>(queue)].synchronize();
  }

 private:
  const c10::Stream& stream(Queue queue) const { return streams_[static_cast<std::size_t>(queue)]; }
  c10::Event& event(Mark mark, std::size_t buffer) { return events_[static_cast<std::size_t>(mark)][buffer]; }
  void on(Queue queue, const Work& work, std::int64_t chunk, std::size_t buffer) const {
    const c10::StreamGuard guard(stream(queue));
    work(chunk, buffer);
  }

  c10::impl::VirtualGuardImpl gpu_;
  std::array<c10::Stream, 3> streams_;
  std::array<std::vector<c10::Event>, 3> events_;
  Work in_, step_, out_;
};

}  // namespace

// The same with everything queued.
void OptimizerState::stage_by_stream(const std::function<void(const Chunk&)>& use) {
  const std::array<Chunk, 2> buffers = staging();
  const auto chunk = [&](std::int64_t number) { return chunk_at(number * chunk_); };
  GpuQueues queues(
      device_, [&](std::int64_t i, std::size_t buffer) { move(buffers[buffer], chunk(i), true); },
      [&](std::int64_t i, std::size_t buffer) { use(part(buffers[buffer], chunk(i))); },
      [&](std::int64_t i, std::size_t buffer) { move(buffers[buffer], chunk(i), false); });
  stage_chunks(queues, (owned_.length() + chunk_ - 1) / chunk_);
  queues.synchronise();  // the state is read by checkpoints, the buffers are freed
}

std::vector<checkpoint::StoredTensor> OptimizerState::stored(const Tensor& flat, bool trained_alone) const {
  std::vector<checkpoint::StoredTensor> list;
  for (const model::Parameter& p : parameters_) {
    if (trained_alone && !p.trained) continue;
    const model::Range here = overlap(p.range, owned_);
    const std::int64_t held = p.held.begin + here.begin - p.range.begin;  // first element that is here
    const Tensor view = flat.narrow(0, here.length() > 0 ? here.begin - owned_.begin : 0, here.length());
    checkpoint::StoredTensor& tensor = list.emplace_back();
    tensor.held = {held, held + here.length()};
    tensor.source = {p.name, flat.scalar_type(), p.shape,
                     [view, held, file = file_](std::int64_t begin, std::int64_t end) {
                       const Tensor part = view.slice(0, begin - held, end - held);
                       if (!file) return part.cpu();
                       Tensor copy = part.clone();
                       release(*file, part);
                       return copy;
                     }};
    tensor.write = [view, held, file = file_](std::int64_t begin, const Tensor& piece) {
      const model::Range kept =
          model::overlap({begin - held, begin - held + piece.numel()}, {0, view.numel()});
      if (kept.length() == 0) return;
      const Tensor part = view.narrow(0, kept.begin, kept.length());
      part.copy_(piece.view(-1).narrow(0, kept.begin - (begin - held), kept.length()));
      if (file) release(*file, part);
    };
  }
  return list;
}

std::vector<checkpoint::StoredTensor> OptimizerState::first_moment() const { return stored(first_, true); }
std::vector<checkpoint::StoredTensor> OptimizerState::second_moment() const { return stored(second_, true); }

std::vector<checkpoint::StoredTensor> OptimizerState::remainder() const {
  if (!remainder_.defined()) return {};
  return stored(remainder_, false);
}

}  // namespace film::train
