#include <fmt/format.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstring>

#include "film/base/error.h"
#include "metrics_log.h"

namespace film::train {
namespace {

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
    table[i] = crc;
  }
  return table;
}

template <class T>
std::string little_endian(T value) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

std::uint32_t masked_crc(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

// Protocol buffer fields: varint (0), fixed64 (1), length-delimited (2), fixed32 (5).
std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 128; value >>= 7) bytes += static_cast<char>(value | 128);
  return bytes + static_cast<char>(value);
}
std::string field(int number, int wire) { return varint(static_cast<std::uint64_t>(number << 3 | wire)); }
std::string message(int number, const std::string& body) {
  return field(number, 2) + varint(body.size()) + body;
}
std::string time_and_step(double wall_time, std::int64_t step) {
  return field(1, 1) + little_endian(wall_time) +
         (step != 0 ? field(2, 0) + varint(static_cast<std::uint64_t>(step)) : "");
}

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = crc_table();
  std::uint32_t crc = ~0u;
  for (const char c : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 255];
  return ~crc;
}

std::string event_record(std::string_view payload) {
  const std::string length = little_endian(static_cast<std::uint64_t>(payload.size()));
  return length + little_endian(masked_crc(length)) + std::string(payload) +
         little_endian(masked_crc(payload));
}

std::string scalar_event(double wall_time, std::int64_t step, const std::string& tag, float value) {
  const std::string body = message(1, tag) + field(2, 5) + little_endian(value);
  return time_and_step(wall_time, step) + message(5, message(1, body));
}

EventFile::EventFile(const fs::path& folder, std::int64_t step) {
  const double start = now();
  const fs::path path = folder / fmt::format("events.out.tfevents.{:.0f}.film.{}", start, step);
  out_.open(path, std::ios::binary);
  if (!out_) throw cannot_create("cannot write " + path.string());
  out_ << event_record(time_and_step(start, 0) + message(3, "brain.Event:2"));
  const std::string session_start = field(1, 0) + varint(1);
  if (step > 0) out_ << event_record(time_and_step(start, step) + message(7, session_start));
}

void EventFile::scalar(std::int64_t step, const std::string& tag, double value) {
  out_ << event_record(scalar_event(now(), step, tag, static_cast<float>(value)));
}

}  // namespace film::train
