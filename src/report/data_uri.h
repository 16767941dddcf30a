#pragma once
#include <string>
#include <string_view>

namespace film::report {

// "data:text/csv;base64,…": a file inside the page, so that a link to it lives wherever the page is copied.
std::string data_uri(const std::string& type, std::string_view content);

}  // namespace film::report
