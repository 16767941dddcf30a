// Shards put together are the bytes that one run makes, however many there are and whatever stopped in between.
#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/files.h"

namespace film::contexts {
namespace {

using support::failure_of;
using support::hashes;
using support::SynthCase;
using testing::AllOf;
using testing::HasSubstr;

// A corpus of several files with rows that are odd, repeated, contaminated and long, and text files between.
struct ShardCase : SynthCase {
  ShardCase() {
    for (std::uint64_t f = 0; f < 9; ++f) {
      std::string lines;
      for (std::uint64_t i = 0; i < 30; ++i) {
        Random random(f * 1000 + i, "shard");
        lines += i % 11 == 5
                     ? "{\"no\":1}\n"
                     : to_line(Json{{"text", support::random_text(random, 4 + random.below(30))}}) + "\n";
        if (i % 13 == 7)
          lines += to_line(Json{{"text", "The same words in every file, again and again."}}) + "\n";
      }
      folder.put("corpus/part" + std::to_string(f) + ".jsonl", lines);
      Random random(f, "text");
      folder.put("corpus/text" + std::to_string(f) + ".txt", f == 3 ? "" : support::random_text(random, 20));
    }
    folder.put("exam.txt", "been under water lamps are lit and each island has");
    settings.corpus.inputs = {(folder / "corpus").string()};
    settings.corpus.decontaminate.inputs = {(folder / "exam.txt").string()};
    settings.corpus.decontaminate.words = 4;
    settings.corpus.duplicates.near = 0.8;
    settings.corpus.max_rejected = 1;
    settings.corpus.segment.max_tokens = 128;
    settings.contexts.train = 30;
  }

  ShardFacts shard(const std::string& out, std::uint32_t number, std::uint32_t count) {
    Fields fields;
    settings.describe(fields);
    return synth_shard(settings, {folder / out, "synth", fields}, {number, count});
  }
};

TEST(Shards, GiveTheSameBytesForAnyNumberOfThem) {
  ShardCase c;
  support::plant(c.settings);
  const SynthFacts whole = c.run("whole");
  EXPECT_TRUE(whole.corpus.left_out->contains("duplicate"));
  EXPECT_TRUE(whole.corpus.rejected.contains("no_text_field"));
  const auto wanted = hashes(c.folder / "whole");
  for (const std::uint32_t count : {1u, 2u, 7u, 40u}) {
    const std::string out = "of" + std::to_string(count);
    for (std::uint32_t i = count; i >= 1; --i) {  // made in any order
      c.settings.threads = 1 + static_cast<int>(i % 2);
      c.shard(out, i, count);
    }
    c.run(out);
    EXPECT_EQ(hashes(c.folder / out), wanted) << count;
    EXPECT_FALSE(fs::exists(c.folder / out / "shards"));
  }
}

// One file of every kind that holds many rows, and of some ways to pack it.
TEST(Shards, ShareTheRowsOfALargeFile) {
  for (const char* name : {"one.jsonl", "one.jsonl.gz", "one.csv", "one.jsonl.zst"}) {
    SynthCase c;
    std::string rows = std::string(name) == "one.csv" ? "text\n" : "";
    for (std::uint64_t i = 0; i < 6000; ++i) {
      Random random(i, "large");
      const std::string text = support::random_text(random, 30);
      rows += std::string(name) == "one.csv" ? "\"" + text + "\"\n" : to_line(Json{{"text", text}}) + "\n";
      if (i % 500 == 9) rows += "not a row of any kind, \"\n";
    }
    const bool gz = std::string(name).ends_with(".gz"), zst = std::string(name).ends_with(".zst");
    const fs::path file = c.folder.put(name, gz ? support::gzip(rows) : zst ? support::zstd(rows) : rows);
    c.settings.corpus.inputs = {file.string()};
    c.settings.corpus.part_tokens = 1'000'000;
    c.settings.corpus.max_rejected = 1;
    c.settings.threads = 2;
    c.run("whole");
    std::vector<std::uint64_t> documents;
    for (std::uint32_t i = 1; i <= 3; ++i) {
      Fields fields;
      c.settings.describe(fields);
      documents.push_back(synth_shard(c.settings, {c.folder / "parts", "synth", fields}, {i, 3}).documents);
    }
    c.run("parts");
    EXPECT_EQ(hashes(c.folder / "parts"), hashes(c.folder / "whole")) << name;
    for (const std::uint64_t count : documents) EXPECT_GT(count, 100u) << name;
  }
}

TEST(Shards, OfALimitedCorpusAreCutWhenPutTogether) {
  ShardCase c;
  c.settings.contexts.target = {100, 400};
  c.run("whole", 120);
  for (std::uint32_t i = 1; i <= 3; ++i) c.shard("parts", i, 3);
  c.run("parts", 120);
  EXPECT_EQ(hashes(c.folder / "parts"), hashes(c.folder / "whole"));
}

TEST(Shards, ThatWereStoppedAreMadeAnew) {
  ShardCase c;
  c.run("whole");
  for (std::uint32_t i = 1; i <= 3; ++i) c.shard("parts", i, 3);
  // As a kill leaves them: half a file, or a file without a manifest.
  fs::remove(c.folder / "parts/shards/2-of-3/manifest.json");
  write_file(c.folder / "parts/shards/2-of-3/prepared.bin.part", "half");
  EXPECT_THAT(failure_of([&] { c.run("parts"); }),
              AllOf(HasSubstr("66 shard 2 of 3 in "), HasSubstr("--shard 2/3")));
  c.shard("parts", 2, 3);
  c.run("parts");
  EXPECT_EQ(hashes(c.folder / "parts"), hashes(c.folder / "whole"));
  EXPECT_THAT(failure_of([&] { c.shard("parts", 1, 3); }), HasSubstr("is finished: it needs no shard"));
}

TEST(Shards, ThatDoNotBelongTogetherAreRefused) {
  ShardCase c;
  const auto fails = [&](const std::string& out) { return failure_of([&] { c.run(out); }); };
  c.shard("few", 3, 4);
  EXPECT_THAT(fails("few"), AllOf(HasSubstr("66 shards 1, 2, 4 of 4"), HasSubstr("--shard 1/4")));
  c.shard("few", 1, 2);
  EXPECT_THAT(fails("few"), HasSubstr("holds shards of 2 and of 4"));

  c.shard("other", 1, 2);
  c.settings.seed = 9;
  c.shard("other", 2, 2);
  EXPECT_THAT(fails("other"), AllOf(HasSubstr("78 "), HasSubstr("1-of-2 was made with other settings"),
                                    HasSubstr("seed: 1 there, 9 now")));
  c.settings.seed = 1;
  c.folder.put("corpus/later.txt", "A text that came later.");
  EXPECT_THAT(fails("other"), HasSubstr("input.corpus"));
  fs::remove(c.folder / "corpus/later.txt");

  for (std::uint32_t i = 1; i <= 2; ++i) c.shard("bent", i, 2);
  const fs::path file = c.folder / "bent/shards/1-of-2/prepared.bin";
  std::string bytes = read_file(file);
  bytes[bytes.size() / 2] ^= 1;
  write_file(file, bytes);
  EXPECT_THAT(fails("bent"), AllOf(HasSubstr("65 "), HasSubstr("is not as it was written")));
  make_folder(c.folder / "odd/shards/mine");
  EXPECT_THAT(fails("odd"), HasSubstr("is no folder of a shard"));
}

}  // namespace
}  // namespace film::contexts
