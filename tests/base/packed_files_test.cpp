// xz and bzip2: whole, in several streams, cut off and damaged.
#include <bzlib.h>
#include <gmock/gmock.h>
#include <lzma.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/byte_stream.h"

namespace film {
namespace {

using support::failure_of;
using support::TempFolder;
using testing::AllOf;
using testing::HasSubstr;

std::string xz(const std::string& text) {
  std::string packed(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(packed.data()), &size, packed.size()),
            LZMA_OK);
  packed.resize(size);
  return packed;
}

std::string bzip2(const std::string& text) {
  std::string packed(text.size() + text.size() / 50 + 700, '\0'), input = text;
  auto size = static_cast<unsigned>(packed.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(packed.data(), &size, input.data(), static_cast<unsigned>(input.size()),
                                     9, 0, 0),
            BZ_OK);
  packed.resize(size);
  return packed;
}

std::string unpacked(const fs::path& path) {
  std::string text;
  const auto bytes = open_bytes(path);
  while (bytes->read(text)) {
  }
  return text;
}

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i * 7919) + " gulls\n";
  return text;
}

struct Packer {
  const char* name;
  std::string (*pack)(const std::string&);
  Compression compression;
};
const Packer kPackers[] = {{"xz", xz, Compression::xz}, {"bzip2", bzip2, Compression::bzip2}};

TEST(PackedFiles, GiveBackTheirText) {
  const TempFolder folder;
  for (const Packer& packer : kPackers)
    for (const std::string& text : {std::string(), std::string("one"), numbers(200'000)}) {
      EXPECT_EQ(compression_of(packer.pack(text)), packer.compression) << packer.name;
      EXPECT_EQ(unpacked(folder.put("any name", packer.pack(text))), text) << packer.name;
    }
}

TEST(PackedFiles, MayHoldSeveralStreams) {
  const TempFolder folder;
  for (const Packer& packer : kPackers) {
    const std::string three = packer.pack(numbers(1000)) + packer.pack("") + packer.pack("end\n");
    EXPECT_EQ(unpacked(folder.put("f", three)), numbers(1000) + "end\n") << packer.name;
  }
}

TEST(PackedFiles, DamagedAndTruncatedOnesAreBadData) {
  const TempFolder folder;
  for (const Packer& packer : kPackers) {
    const std::string whole = packer.pack(numbers(50'000)),
                      message = "damaged or truncated " + std::string(packer.name);
    std::string bent = whole;
    bent[whole.size() / 2] ^= 0x55;
    for (const std::string& content : {whole.substr(0, whole.size() - 1), whole.substr(0, whole.size() / 2),
                                       whole.substr(0, 20), bent, whole + "tail"})
      EXPECT_THAT(failure_of([&] { unpacked(folder.put("f", content)); }),
                  AllOf(HasSubstr("65 "), HasSubstr(message)))
          << packer.name << " " << content.size();
    EXPECT_THAT(
        failure_of([&] { unpacked(folder.put(packer.name == std::string("xz") ? "f.xz" : "f.bz2", "")); }),
        HasSubstr("truncated after 0 bytes"));
  }
}

TEST(PackedFiles, TextsThatBeginAlikeAreText) {
  for (const char* text : {"BZh9 is how bzip2 begins", "BZhang wrote",
                           "\xFD"
                           "7z and more",
                           "BZh91AY&S"})
    EXPECT_EQ(compression_of(text), Compression::none) << text;
}

}  // namespace
}  // namespace film
