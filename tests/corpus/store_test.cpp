// The segment store: what was written comes back, and damage is noticed.
#include "film/corpus/store.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "corpus/store_writer.h"
#include "film/base/content_hash.h"
#include "film/base/error.h"
#include "film/base/lines.h"

namespace film::corpus {
namespace {

using support::TempFolder;

// Document d has 1 + d % 3 segments of different lengths, an empty one among them.
text::TokenIds ids_of(std::uint64_t d, std::uint32_t s) {
  text::TokenIds ids;
  for (std::uint64_t t = 0; t < (d * 7 + s * 3) % 20; ++t)
    ids.push_back(static_cast<text::TokenId>(d * 100 + t));
  return ids;
}

StoredDocument document(std::uint64_t d, int token_bytes) {
  StoredDocument stored;
  stored.info.source = "docs/" + std::to_string(d);
  stored.info.split = static_cast<Split>(d % 3);
  for (std::uint32_t s = 0; s <= d % 3; ++s) {
    stored.add(ids_of(d, s), s * 5, token_bytes);
    stored.needles.emplace_back();
  }
  stored.needles.back() = Needle{"a", "v", "The a is v."};
  stored.finish();
  return stored;
}

std::vector<fs::path> write_store(const fs::path& data, int token_bytes, std::uint64_t part_tokens) {
  StoreWriter writer(data, part_tokens, true);
  for (std::uint64_t d = 0; d < 50; ++d) {
    StoredDocument stored = document(d, token_bytes);
    writer.add(stored);
  }
  return writer.finish();
}

void expect_content(const SegmentStore& store) {
  std::uint64_t segment = 0;
  for (std::uint64_t d = 0; d < 50; ++d)
    for (std::uint32_t s = 0; s <= d % 3; ++s) {
      text::TokenIds ids = {-1};
      store.append_tokens(segment, ids);
      ids.erase(ids.begin());
      EXPECT_EQ(ids, ids_of(d, s));
      EXPECT_EQ(store.row(segment).document, d);
      EXPECT_EQ(store.row(segment).line, s * 5);
      ++segment;
    }
  EXPECT_EQ(store.size(), segment);
}

TEST(Store, GivesBackWhatWasWritten) {
  for (const int token_bytes : {2, 4})
    for (const std::uint64_t part_tokens : {std::uint64_t{1}, std::uint64_t{100}, std::uint64_t{1} << 30}) {
      const TempFolder folder;
      const auto files = write_store(folder.path(), token_bytes, part_tokens);
      for (const fs::path& file : files) {
        EXPECT_TRUE(fs::exists(folder.path() / file)) << file;
        EXPECT_EQ(content_hash(folder.path() / file), sha256_file(folder.path() / file)) << file;
      }
      if (part_tokens == 100) {
        EXPECT_GT(files.size(), 10u);
      }
      if (part_tokens == std::uint64_t{1} << 30) {
        EXPECT_EQ(files.size(), 4u);
      }
      expect_content(SegmentStore(folder.path(), token_bytes));
    }
}

TEST(Store, KeepsLargeIds) {
  const TempFolder folder;
  StoreWriter writer(folder.path(), 1000, false);
  StoredDocument stored;
  stored.add(text::TokenIds{65535, 32768, 0}, 0, 2);
  stored.finish();
  writer.add(stored);
  writer.finish();
  text::TokenIds ids;
  SegmentStore(folder.path(), 2).append_tokens(0, ids);
  EXPECT_EQ(ids, (text::TokenIds{65535, 32768, 0}));
  EXPECT_EQ(stored_token_bytes(65536), 2);
  EXPECT_EQ(stored_token_bytes(65537), 4);
}

TEST(Store, WritesDocumentsAndRecords) {
  const TempFolder folder;
  write_store(folder.path(), 2, 100);
  std::uint64_t d = 0;
  for (std::size_t part = 0; fs::exists(folder.path() / part_path("documents", part, ".jsonl")); ++part)
    for_each_record(folder.path() / part_path("documents", part, ".jsonl"),
                    [&](const Json& row, const std::string&) {
                      EXPECT_EQ(row.at("id"), d);
                      EXPECT_EQ(row.at("split"), name_of(static_cast<Split>(d % 3)));
                      EXPECT_EQ(row.at("segments"), 1 + d % 3);
                      ++d;
                    });
  EXPECT_EQ(d, 50u);
  std::vector<std::uint64_t> planted;
  for_each_record(folder / "segments/planted.jsonl",
                  [&](const Json& row, const std::string&) { planted.push_back(row.at("segment")); });
  ASSERT_EQ(planted.size(), 50u);
  EXPECT_THAT(std::vector(planted.begin(), planted.begin() + 4), testing::ElementsAre(0, 2, 5, 6));
}

TEST(Store, NoticesDamage) {
  const TempFolder folder;
  write_store(folder.path(), 2, std::uint64_t{1} << 30);
  const fs::path tokens = folder / "segments/part-00000.tokens", index = folder / "segments/part-00000.index";
  const auto whole = fs::file_size(tokens);
  const auto code = [&] {
    try {
      const SegmentStore store(folder.path(), 2);
    } catch (const Error& error) {
      return error.code();
    }
    return ExitCode::ok;
  };
  EXPECT_EQ(code(), ExitCode::ok);
  for (const auto size : {whole - 2, whole - 1, std::uintmax_t{0}}) {
    fs::resize_file(tokens, size);
    EXPECT_EQ(code(), ExitCode::bad_data) << size;
  }
  fs::resize_file(tokens, whole);
  fs::resize_file(index, fs::file_size(index) - 1);
  EXPECT_EQ(code(), ExitCode::bad_data);
  fs::remove(index);
  EXPECT_EQ(code(), ExitCode::no_input);
}

TEST(Store, RefusesUnknownSegments) {
  const TempFolder folder;
  write_store(folder.path(), 2, 100);
  const SegmentStore store(folder.path(), 2);
  text::TokenIds ids;
  EXPECT_THROW(store.append_tokens(store.size(), ids), Error);
  EXPECT_THROW(store.row(store.size()), Error);
}

TEST(Store, LeavesNothingBehindWhenNotFinished) {
  const TempFolder folder;
  {
    StoreWriter writer(folder.path(), std::uint64_t{1} << 30, true);
    StoredDocument stored = document(1, 2);
    writer.add(stored);
  }
  EXPECT_FALSE(fs::exists(folder / "segments/part-00000.tokens"));
  EXPECT_FALSE(fs::exists(folder / "segments/planted.jsonl"));
}

}  // namespace
}  // namespace film::corpus
