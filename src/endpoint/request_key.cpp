#include "request_key.h"

#include <charconv>

#include "address.h"
#include "film/base/files.h"
#include "server_settings.h"

namespace film::endpoint {
namespace {

constexpr std::size_t kWordDigits = 16;

}  // namespace

std::string to_text(const RequestKey& key) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint64_t word : key)
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(word >> shift) & 15];
  return text;
}

bool read_key(std::string_view digits, RequestKey& key) {
  if (digits.size() < kWordDigits * key.size()) return false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char* begin = digits.data() + kWordDigits * i;
    const auto [end, error] = std::from_chars(begin, begin + kWordDigits, key[i], 16);
    if (error != std::errc() || end != begin + kWordDigits) return false;
  }
  return true;
}

RequestKey request_key(const std::string& identity, const std::string& prompt_version,
                       const std::string& body) {
  // Lengths first, so that no two triples are the same string.
  Sha256 hash;
  hash.add(std::to_string(identity.size()) + " " + std::to_string(prompt_version.size()) + "\n" + identity +
           prompt_version);
  hash.add(body);
  RequestKey key{};
  read_key(hash.hex(), key);
  return key;
}

std::vector<std::string> key_identities(const EndpointSettings& settings) {
  std::vector<std::string> identities = {settings.identity()};
  if (settings.service.empty())
    for (const EndpointSettings& server : settings_of_servers(settings))
      identities.push_back(without_trailing_slash(server.base_url));
  return identities;
}

}  // namespace film::endpoint
