#pragma once
// SHA-256 as lower-case hex.
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace film {

std::string sha256(std::string_view bytes);
// In bounded memory, however large the file is. `advanced` is told the bytes of each stretch that was read. Throws
// no_input, denied, io_error.
std::string sha256_file(const std::filesystem::path& path,
                        const std::function<void(std::size_t bytes)>& advanced = {});

}  // namespace film
