#pragma once
// The order in which chunks go through two buffers of a device with queues: read in on one queue, worked on in another,
// written back on a third, so that both directions of a link are busy at once. What must wait for what is said by
// events; everything else may overlap. The device is a parameter: a GPU's streams, or a test that runs the queues in
// any order that the events allow.
#include <array>
#include <cstddef>
#include <cstdint>

namespace film::train {

enum class Queue { reads, steps, writes };
enum class Mark {
  filled,
  used,
  written
};  // what has happened to a buffer; recorded again for every chunk in it

// Device: read(chunk, buffer), step(chunk, buffer), write(chunk, buffer), each queued on its queue;
// record(queue, mark, buffer) and wait(queue, mark, buffer): the queue goes on once the newest record has been reached.
template <class Device>
void stage_chunks(Device& device, std::int64_t chunks) {
  const auto buffer_of = [](std::int64_t chunk) { return static_cast<std::size_t>(chunk % 2); };
  const auto read = [&](std::int64_t chunk) {
    if (chunk >= chunks) return;
    const std::size_t buffer = buffer_of(chunk);
    if (chunk >= 2) device.wait(Queue::reads, Mark::written, buffer);
    device.read(chunk, buffer);
    device.record(Queue::reads, Mark::filled, buffer);
  };
  read(0);
  for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
    const std::size_t buffer = buffer_of(chunk);
    read(chunk + 1);
    device.wait(Queue::steps, Mark::filled, buffer);
    device.step(chunk, buffer);
    device.record(Queue::steps, Mark::used, buffer);
    device.wait(Queue::writes, Mark::used, buffer);
    device.write(chunk, buffer);
    device.record(Queue::writes, Mark::written, buffer);
  }
}

}  // namespace film::train
