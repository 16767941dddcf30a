// Lines through plain, gzip and Zstandard files: the same lines, and no damage unnoticed.
#include "film/base/lines.h"

#include <zlib.h>
#include <zstd.h>

#include "film/base/random.h"
#include "support.h"

namespace film {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_base::failure_of;
using testing_base::lines_of;
using testing_base::TempFolder;

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text, int checksum = 1) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  EXPECT_FALSE(ZSTD_isError(size));
  out.resize(size);
  ZSTD_freeCCtx(context);
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Lines of many lengths: empty ones, words, and three of more than a megabyte that cross
// every block boundary.
std::vector<std::string> sample() {
  std::vector<std::string> lines;
  Random random(1, "lines");
  for (std::size_t i = 0; i < 2000; ++i) {
    std::string line(random.below(200), 'x');
    for (char& c : line) c = static_cast<char>('a' + random.below(26));
    lines.push_back(i % 7 == 0 ? "" : line);
    if (i % 700 == 350) lines.emplace_back((1 << 20) + i, static_cast<char>('A' + i % 26));
  }
  return lines;
}

TEST(LineReader, PlainGzipAndZstdAreEqual) {
  const TempFolder folder;
  const std::vector<std::string> lines = sample();
  const std::string text = joined(lines);
  EXPECT_EQ(lines_of(folder.put("plain", text)), lines);
  EXPECT_EQ(lines_of(folder.put("f.gz", gzip(text))), lines);
  EXPECT_EQ(lines_of(folder.put("f.zst", zstd(text))), lines);
  EXPECT_EQ(lines_of(folder.put("misnamed.txt", gzip(text))), lines) << "the bytes tell, not the name";
}

TEST(LineReader, EndsOfLines) {
  const TempFolder folder;
  const auto lines = [&](std::string_view text) { return lines_of(folder.put("f", text)); };
  EXPECT_THAT(lines(""), ElementsAre());
  EXPECT_THAT(lines("\n"), ElementsAre(""));
  EXPECT_THAT(lines("a"), ElementsAre("a"));
  EXPECT_THAT(lines("a\nb"), ElementsAre("a", "b"));
  EXPECT_THAT(lines("a\r\n\r\nb\r"), ElementsAre("a\r", "\r", "b\r")) << "'\\r' is data";
  EXPECT_THAT(lines("\n\na\n"), ElementsAre("", "", "a"));
  EXPECT_THAT(lines(std::string_view("a\0b\n", 4)), ElementsAre(std::string("a\0b", 3)));
}

TEST(LineReader, NumbersLines) {
  const TempFolder folder;
  LineReader reader(folder.put("f", "a\n\nc"));
  std::string line;
  EXPECT_EQ(reader.line_number(), 0u);
  while (reader.next(line)) continue;
  EXPECT_EQ(reader.line_number(), 3u);
  EXPECT_EQ(reader.where(), (folder / "f").string() + ":3");
  EXPECT_FALSE(reader.next(line)) << "the end stays the end";
  EXPECT_THAT(failure_of([&] { LineReader(folder / "none"); }), testing::StartsWith("66 no such file"));
}

TEST(LineReader, SeveralMembersAndFramesAreOneText) {
  const TempFolder folder;
  const std::vector<std::string> whole = {"a", "bc", "d"};
  EXPECT_EQ(lines_of(folder.put("f.gz", gzip("a\nb") + gzip("") + gzip("c\nd\n"))), whole);
  EXPECT_EQ(lines_of(folder.put("f.zst", zstd("a\nb") + zstd("") + zstd("c\nd\n"))), whole);
  EXPECT_EQ(lines_of(folder.put("padded.gz", gzip("a\nbc\nd\n") + std::string(512, '\0'))), whole);
}

TEST(LineReader, EmptyStreams) {
  const TempFolder folder;
  EXPECT_THAT(lines_of(folder.put("f.gz", gzip(""))), ElementsAre());
  EXPECT_THAT(lines_of(folder.put("f.zst", zstd(""))), ElementsAre());
  EXPECT_THAT(lines_of(folder.put("f.txt", "")), ElementsAre());
}

// pzstd writes a frame without data before each frame of data.
TEST(LineReader, ZstdFramesWithoutData) {
  const TempFolder folder;
  const std::string skip("\x50\x2a\x4d\x18\x04\x00\x00\x00wxyz", 12);
  EXPECT_THAT(lines_of(folder.put("f.zst", skip + zstd("a\n") + skip + zstd("b\n"))), ElementsAre("a", "b"));
}

// `zstd --long=31` needs more memory to read than the library allows by default.
TEST(LineReader, ZstdWithALongWindow) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 28);
  const std::string text = "a\nb\n";
  std::string out(1024, '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer block{out.data(), out.size(), 0};
  ZSTD_compressStream2(context, &block, &in,
                       ZSTD_e_flush);  // streamed: the size is not known, the window stays
  ASSERT_EQ(ZSTD_compressStream2(context, &block, &in, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(context);
  const TempFolder folder;
  EXPECT_THAT(lines_of(folder.put("f.zst", out.substr(0, block.pos))), ElementsAre("a", "b"));
}

// At every length but the full one a cut file throws; `clean` lengths are ends of whole members or frames,
// which no reader can tell from the end of the file.
void check_every_truncation(const std::string& whole, const std::string& name,
                            const std::vector<std::size_t>& clean) {
  const TempFolder folder;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const fs::path path = folder.put(name, whole.substr(0, size));
    const std::string failure = failure_of([&] { lines_of(path); });
    if (std::ranges::find(clean, size) != clean.end())
      EXPECT_EQ(failure, "no error") << size;
    else
      EXPECT_THAT(failure, testing::AllOf(testing::StartsWith("65 " + path.string() + ": "),
                                          HasSubstr("truncated"), HasSubstr("fetch the file again")))
          << size << " of " << whole.size();
  }
}

TEST(LineReader, GzipTruncatedAtEveryByte) {
  const std::string one = gzip("first\nsecond line\n"), two = gzip("third\n");
  check_every_truncation(one + two, "f.gz", {one.size()});
}

TEST(LineReader, ZstdTruncatedAtEveryByte) {
  for (const int checksum : {0, 1}) {
    const std::string one = zstd("first\nsecond line\n", checksum), two = zstd("third\n", checksum);
    check_every_truncation(one + two, "f.zst", {one.size()});
  }
}

// A flipped bit anywhere is noticed or changes nothing: gzip's header has fields that nobody checks.
void check_every_flip(const std::string& whole, const std::string& name) {
  const TempFolder folder;
  const std::vector<std::string> expected = lines_of(folder.put(name, whole));
  for (std::size_t byte = 4; byte < whole.size(); ++byte)
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[byte] = static_cast<char>(flipped[byte] ^ 1 << bit);
      const fs::path path = folder.put(name, flipped);
      std::vector<std::string> read;
      const std::string failure = failure_of([&] { read = lines_of(path); });
      if (failure != "no error") continue;
      EXPECT_EQ(read, expected) << byte << ", bit " << bit;
    }
}

TEST(LineReader, GzipDamageIsNeverTakenForText) {
  check_every_flip(gzip("first\nsecond line\n") + gzip("third\n"), "f.gz");
}

TEST(LineReader, ZstdDamageIsNeverTakenForText) {
  check_every_flip(zstd("first\nsecond line\n") + zstd("third\n"), "f.zst");
}

TEST(ForEachRecord, NamesTheLine) {
  const TempFolder folder;
  const fs::path path = folder.put("f.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":\n");
  int sum = 0;
  std::string last;
  const std::string failure = failure_of([&] {
    for_each_record(path, [&](const Json& record, const std::string& where) {
      sum += member<int>(record, "a", where);
      last = where;
    });
  });
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(last, path.string() + ":2");
  EXPECT_THAT(failure, HasSubstr("65 " + path.string() + ":3: not valid JSON"));
}

}  // namespace
}  // namespace film
