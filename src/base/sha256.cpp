#include "film/base/sha256.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/files.h"

namespace film {

namespace {

void check(bool done) {
  if (!done) throw os_error("OpenSSL cannot compute SHA-256", "is there memory left? is its library whole?");
}

// From a library context of our own: the default one, where memory is refused while it is made, crashes when it is used.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = [] {
    OSSL_LIB_CTX* library = OSSL_LIB_CTX_new();
    check(library != nullptr);
    const EVP_MD* sha256 = EVP_MD_fetch(library, "SHA256", nullptr);
    check(sha256 != nullptr);
    return sha256;
  }();
  return fetched;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  check(context_ != nullptr && EVP_DigestInit_ex(context_.get(), algorithm(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  check(EVP_DigestFinal_ex(context_.get(), digest, &size) == 1);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_file(const fs::path& path, const std::function<void(std::size_t bytes)>& advanced) {
  constexpr std::size_t kPiece = 16 << 20;
  const MappedFile file(path);
  Sha256 hash;
  for (std::size_t at = 0; at < file.bytes().size(); at += kPiece) {
    const std::size_t size = std::min(kPiece, file.bytes().size() - at);
    hash.add({reinterpret_cast<const char*>(file.bytes().data()) + at, size});
    file.release(at, size);
    if (advanced) advanced(size);
  }
  return hash.hex();
}

}  // namespace film
