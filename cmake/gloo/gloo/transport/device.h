#pragma once
// Named by pointers alone.
namespace gloo::transport {
class Device;
class UnboundBuffer;
}  // namespace gloo::transport
