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

// Who answers, as keys name it. The first is what keys are written with: the service or its model, so that a key is the
// same whichever server answers. Journals of format 1 name the address where no service was set; these follow, one per
// server.
std::vector<std::string> key_identities(const EndpointSettings& settings);

}  // namespace film::endpoint
