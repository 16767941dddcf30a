#pragma once
// SHA-256 as lower-case hex.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace film {

// Of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  std::string hex();  // of all that was added; nothing may be added later

 private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

std::string sha256(std::string_view bytes);
// In bounded memory, however large the file is. `advanced` is told the bytes of each stretch that was read. Throws
// no_input, denied, io_error.
std::string sha256_file(const std::filesystem::path& path,
                        const std::function<void(std::size_t bytes)>& advanced = {});

}  // namespace film
