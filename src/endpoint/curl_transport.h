#pragma once
// The network behind a Transport: libcurl's multi interface on the caller's thread. HTTP/1.1 keep-alive or HTTP/2,
// TLS always verified, no redirects, no retries of libcurl's own.
#include <memory>

#include "film/endpoint/settings.h"
#include "transport.h"

namespace film::endpoint {

// Timeouts, proxy and certificates as the settings say, and one slot for every request that all servers together
// may have in flight. Throws os_error.
std::unique_ptr<Transport> make_curl_transport(const EndpointSettings& settings);

}  // namespace film::endpoint
