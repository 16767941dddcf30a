// The state that several processes wrote, read by any other number; and what is missing or does not fit.
#include "film/checkpoint/state_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"

namespace film::checkpoint {
namespace {

using ::testing::HasSubstr;

// Elements [begin, end) of x, as one process has them.
StoredTensor part_of(const std::string& name, const Tensor& x, std::int64_t begin, std::int64_t end) {
  StoredTensor part = stored(name, x);
  part.held = {begin, end};
  return part;
}

// Two tensors laid end to end and cut among `writers`.
void write_by(int writers, const fs::path& folder, const Tensor& a, const Tensor& b) {
  fs::create_directories(folder / "training");
  const std::int64_t all = a.numel() + b.numel(), slice = (all + writers - 1) / writers;
  for (int w = 0; w < writers; ++w) {
    const std::int64_t begin = std::min(all, w * slice), end = std::min(all, begin + slice);
    const auto clip = [&](std::int64_t x, std::int64_t length) {
      return std::clamp<std::int64_t>(x, 0, length);
    };
    const std::vector<StoredTensor> tensors = {
        part_of("a.weight", a, clip(begin, a.numel()), clip(end, a.numel())),
        part_of("b[0].weight", b, clip(begin - a.numel(), b.numel()), clip(end - a.numel(), b.numel()))};
    write_safetensors(folder / state_file("moment", w, writers), held_parts(tensors));
  }
}

TEST(StateFiles, AnyNumberReadsWhatAnyNumberWrote) {
  const Tensor a = at::rand({7, 13}), b = at::rand({301});
  for (const int writers : {1, 2, 3, 5, 392, 500}) {
    const support::TempFolder folder;
    write_by(writers, folder.path(), a, b);
    const StateFiles files(folder.path(), "moment");
    EXPECT_TRUE(files.elements("a.weight", {7, 13}, 0, 91).equal(a.flatten())) << writers;
    EXPECT_TRUE(files.elements("b[0].weight", {301}, 17, 260).equal(b.slice(0, 17, 260))) << writers;
    Tensor whole = at::zeros_like(a), few = at::zeros_like(b);
    files.copy_into(stored("a.weight", whole));
    files.copy_into(part_of("b[0].weight", few, 100, 200));
    EXPECT_TRUE(whole.equal(a)) << writers;
    EXPECT_TRUE(few.slice(0, 100, 200).equal(b.slice(0, 100, 200)) &&
                few.slice(0, 0, 100).eq(0).all().item<bool>());
  }
}

TEST(StateFiles, WhatIsMissingOrDoesNotFitIsNamed) {
  const Tensor a = at::rand({7, 13}), b = at::rand({301});
  const support::TempFolder folder;
  write_by(3, folder.path(), a, b);
  fs::remove(folder.path() / state_file("moment", 1, 3));
  const StateFiles files(folder.path(), "moment");
  EXPECT_THAT(support::failure_of([&] { files.elements("b[0].weight", {301}, 0, 301); }),
              HasSubstr("of b[0].weight are in none of its files"));
  EXPECT_THAT(support::failure_of([&] { files.elements("c", {1}, 0, 1); }), HasSubstr("tensor c is missing"));
  EXPECT_TRUE(StateFiles(folder.path(), "remainder").empty());
  const support::TempFolder other;
  write_by(1, other.path(), a, b);
  EXPECT_THAT(support::failure_of([&] {
                StateFiles(other.path(), "moment").elements("a.weight", {13, 7}, 0, 91);
              }),
              HasSubstr("another shape"));
  write_safetensors(other.path() / state_file("lie", 0, 1), {{"a[0:5]", at::zeros({4})}});
  EXPECT_THAT(support::failure_of([&] { StateFiles(other.path(), "lie"); }), HasSubstr("holds 4 elements"));
}

}  // namespace
}  // namespace film::checkpoint
