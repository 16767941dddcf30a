// Which encoding a text that is not UTF-8 most likely has.
#include <uchardet/uchardet.h>

#include <array>

#include "film/base/text_stream.h"

namespace film {
namespace {

constexpr std::size_t kSample = 1 << 16;

// Text of Latin letters has a zero in every second byte. uchardet knows it by its byte order mark alone.
std::string wide_encoding(std::string_view text) {
  if (text.starts_with(std::string_view("\xFF\xFE\0\0", 4)) ||
      text.starts_with(std::string_view("\0\0\xFE\xFF", 4)))
    return "UTF-32";
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\0') ++zeros[i % 2];
  const std::size_t many = text.size() / 8;
  if (zeros[1] > many && zeros[0] < many / 8 + 1) return "UTF-16LE";
  if (zeros[0] > many && zeros[1] < many / 8 + 1) return "UTF-16BE";
  return {};
}

}  // namespace

std::string guess_encoding(std::string_view text) {
  text = text.substr(0, kSample);
  if (text.find('\0') != std::string_view::npos) return wide_encoding(text);
  const std::unique_ptr<uchardet, decltype(&::uchardet_delete)> detector(::uchardet_new(), ::uchardet_delete);
  const bool failed = ::uchardet_handle_data(detector.get(), text.data(), text.size()) != 0;
  ::uchardet_data_end(detector.get());
  return failed ? "" : ::uchardet_get_charset(detector.get());
}

std::string encoding_advice(const fs::path& file) {
  std::string text;
  const std::unique_ptr<ByteStream> bytes = open_bytes(file);
  while (text.size() < kSample && bytes->read(text)) {
  }
  const std::string name = file.filename().string(), encoding = guess_encoding(text);
  if (encoding.empty() && text.find('\0') != std::string::npos) return "it is binary data, not text";
  const std::string line = "iconv -f " + (encoding.empty() ? "ENCODING" : encoding) + " -t UTF-8 " + name +
                           " > " + file.stem().string() + ".utf8" + file.extension().string();
  return (encoding.empty() ? "it is not UTF-8: " : "it looks like " + encoding + ": ") + line;
}

}  // namespace film
