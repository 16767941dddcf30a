#pragma once
// Addresses of servers: which may be asked, and how they are written.
#include <string>

#include "film/endpoint/settings.h"

namespace film::endpoint {

// Throws config_error, naming the setting `key`: not a URL, a user name or password in it, text after the path,
// a scheme other than https (plain http is for this machine, or with allow_http).
void check_base_url(const std::string& key, const std::string& url, bool allow_http);
void check_proxy(const std::string& key, const std::string& url);

// True for localhost, 127.0.0.0/8 and ::1, the only hosts that plain http may reach without allow_http.
bool is_loopback(const std::string& host);
bool is_loopback_url(const std::string& url);

std::string without_trailing_slash(std::string url);

// Where requests are posted to, by the route.
std::string post_url(const EndpointSettings& settings);

// "https://host/v1" of an address that may go on to the route, and what stands before its last /v1.
std::string api_root(const EndpointSettings& settings);
std::string server_root(const EndpointSettings& settings);

}  // namespace film::endpoint
