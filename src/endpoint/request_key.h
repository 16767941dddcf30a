#pragma once
// The key of a request in the journal: two requests with one key have one answer.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "film/endpoint/settings.h"

namespace film::endpoint {

using RequestKey = std::array<std::uint64_t, 2>;

struct RequestKeyHash {
  std::size_t operator()(const RequestKey& key) const { return key[0]; }  // bits of a SHA-256 already
};

// 32 hexadecimal digits.
std::string to_text(const RequestKey& key);
// False when `digits` is not that.
bool read_key(std::string_view digits, RequestKey& key);

// First 128 bits of SHA-256 over who answers, the prompt's version and the whole body.
RequestKey request_key(const std::string& identity, const std::string& prompt_version,
                       const std::string& body);

// The keys under which a journal may hold the answer. The first is the one to write: it names the service or its
// model, so that it is the same whichever server answers. Journals of format 1 name the address where no service
// was set; these keys, one per server, follow.
std::vector<RequestKey> request_keys(const EndpointSettings& settings, const std::string& prompt_version,
                                     const std::string& body);

}  // namespace film::endpoint
