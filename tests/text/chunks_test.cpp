// The parts inside: where text is cut, and what the bounded cache does when it is full.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "../../src/text/cache_pool.h"
#include "../../src/text/pair_table.h"

namespace film::text {
namespace {

std::vector<std::string> chunks(const PairTable& pairs, std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end)
    parts.emplace_back(text.substr(begin, (end = pairs.chunk_end(text, begin)) - begin));
  return parts;
}

TEST(Utf8, AByteThatStartsNoCharacterIsOneReplacement) {
  const auto bad = [](std::string_view text) {
    const CodePoint c = code_point_at(text, 0);
    return c.value == kReplacement && c.size == 1;
  };
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE2\x96", "\xE2\x96(", "\xF0\x9F\x98(",
        "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    EXPECT_TRUE(bad(text)) << text;
  EXPECT_EQ(code_point_at("\u00e9", 0).value, 0xE9U);
  EXPECT_EQ(code_point_at("\U0010FFFF", 0).value, 0x10FFFFU);
  EXPECT_EQ(code_point_at("\uFFFD", 0).size, 3U);
}

TEST(PairTable, CutsWhereNoPieceHoldsThePair) {
  PairTable pairs;
  for (const char* piece : {"ab", "bc", "\u2581a", "\u2581\u2581", "\u4e2d\u6587", "x\u00e9"})
    EXPECT_TRUE(pairs.add_piece(piece));
  EXPECT_EQ(chunks(pairs, "abc"), (std::vector<std::string>{"abc"}));
  EXPECT_EQ(chunks(pairs, "acb ab"), (std::vector<std::string>{"a", "c", "b", " ab"}));
  EXPECT_EQ(chunks(pairs, "b   ab\nb"), (std::vector<std::string>{"b", "   ab", "\n", "b"}));
  EXPECT_EQ(chunks(pairs, "b\u2581 a"), (std::vector<std::string>{"b", "\u2581 a"}));
  EXPECT_EQ(chunks(pairs, "\u4e2d\u6587\u4e2dx\u00e9"),
            (std::vector<std::string>{"\u4e2d\u6587", "\u4e2d", "x\u00e9"}));
  EXPECT_EQ(chunks(pairs, "a\xE4\xB8"), (std::vector<std::string>{"a", "\xE4", "\xB8"}));
  EXPECT_FALSE(pairs.add_piece("a\xFF"));
}

TEST(PairTable, ManyPairs) {
  PairTable pairs;
  std::set<std::pair<char32_t, char32_t>> known;
  for (char32_t i = 0; i < 3000; ++i) {
    std::string piece = {static_cast<char>(0xE4), static_cast<char>(0x80 + i / 64),
                         static_cast<char>(0x80 + i % 64)};
    piece += static_cast<char>('a' + i % 26);
    ASSERT_TRUE(pairs.add_piece(piece));
    known.emplace(0x4000 + i, U'a' + i % 26);
  }
  for (char32_t i = 0; i < 3000; ++i)
    for (char32_t c = U'a'; c <= U'z'; ++c)
      ASSERT_EQ(pairs.joined(0x4000 + i, c), known.contains({0x4000 + i, c}));
}

ChunkKey key_of(const std::string& text) { return ChunkKey::of(text.data(), text.size(), text.size()); }

TEST(ChunkKey, IsTheSameWithAndWithoutBytesBehind) {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t size = 1; size <= ChunkKey::kLongest; ++size)
    EXPECT_TRUE(ChunkKey::of(text.data(), size, text.size()) == key_of(text.substr(0, size))) << size;
  EXPECT_FALSE(key_of("a") == key_of(std::string("a\0", 2)));
}

TEST(ChunkCache, ForgetsRatherThanGrows) {
  ChunkCache cache;
  std::size_t found = 0;
  for (TokenId i = 0; i < 1'000'000; ++i)
    ASSERT_TRUE(cache.keep(key_of(std::to_string(i)), TokenIds{i, i + 1}));
  for (TokenId i = 0; i < 1'000'000; ++i) {
    const ChunkSlot* slot = cache.find(key_of(std::to_string(i)));
    if (slot == nullptr) continue;
    ++found;
    ASSERT_EQ(slot->count, 2U);
    ASSERT_EQ(slot->ids[0], i);
    ASSERT_EQ(slot->ids[1], i + 1);
  }
  EXPECT_GT(found, 200'000U);
  EXPECT_LE(found, std::size_t{1} << 18);
  EXPECT_FALSE(cache.keep(key_of("x"), TokenIds{1, 2, 3, 4}));
}

TEST(ChunkCache, LongChunksAreBoundedToo) {
  ChunkCache cache;
  const auto text = [](int i) { return std::string(100, 'x') + std::to_string(i); };
  for (int i = 0; i < 50'000; ++i) cache.keep_long(text(i), TokenIds{i});
  std::size_t found = 0;
  for (int i = 0; i < 50'000; ++i) {
    const TokenIds* ids = cache.find_long(text(i));
    if (ids == nullptr) continue;
    ASSERT_EQ(*ids, TokenIds{i});
    ++found;
  }
  EXPECT_GT(found, 0U);
  EXPECT_LT(found, 40'000U);
  cache.keep_long(std::string(100'000, 'y'), TokenIds{1});
  EXPECT_EQ(cache.find_long(std::string(100'000, 'y')), nullptr);
}

TEST(CachePool, LendsACacheToOneAtATimeAndKeepsItWarm) {
  CachePool pool;
  ChunkCache* first = nullptr;
  {
    const CachePool::Lease a(pool), b(pool);
    EXPECT_NE(&*a, &*b);
    first = &*a;
  }
  std::set<ChunkCache*> seen;
  std::jthread([&] {  // another thread finds what the first one left
    const CachePool::Lease a(pool), b(pool);
    seen = {&*a, &*b};
  })
      .join();
  EXPECT_TRUE(seen.contains(first));
}

}  // namespace
}  // namespace film::text
