#pragma once
// The network behind a Transport: libcurl's multi interface on the caller's thread. HTTP/1.1 keep-alive or
// HTTP/2, TLS always verified, no redirects, no retries of libcurl's own.
#include <memory>

#include "api_key.h"
#include "transport.h"

namespace film::endpoint {

std::unique_ptr<Transport> make_curl_transport(const EndpointSettings& settings, ApiKey key);

}  // namespace film::endpoint
