#pragma once
// Text in other encodings than UTF-8: UTF-16 is read, the others are guessed for messages.
#include <memory>
#include <string>
#include <string_view>

#include "film/base/byte_stream.h"

namespace film {

// The bytes of a text file, decompressed. UTF-16 with a byte order mark becomes UTF-8, a half of a surrogate pair in it
// U+FFFD; all other bytes are as they are. Throws as open_bytes does.
std::unique_ptr<ByteStream> open_text(const fs::path& path);

// What the beginning of a text that is not UTF-8 is most likely encoded in, as iconv calls it: "GB18030", "UTF-16LE";
// empty when nothing fits. A guess of uchardet by how frequent its letters are in a language.
std::string guess_encoding(std::string_view text);

// "it looks like GB18030: iconv -f GB18030 -t UTF-8 FILE > FILE.utf8", or what to do where no guess is good.
std::string encoding_advice(const fs::path& file);

}  // namespace film
