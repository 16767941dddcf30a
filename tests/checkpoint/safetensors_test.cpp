// Weights on disk: round trips, and a table of files that must be refused with a clear word.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>

#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/base/json.h"
#include "film/base/random.h"
#include "film/checkpoint/hugging_face.h"

namespace film::checkpoint {
namespace {

fs::path temp(const std::string& name) {
  static const support::TempFolder folder;
  return folder / name;
}

std::string file_bytes(const Json& header, std::size_t data) {
  const std::string text = to_line(header);
  const std::uint64_t size = text.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &size, 8);
  return bytes + text + std::string(data, '\1');
}

Json entry(const char* dtype, std::vector<std::int64_t> shape, std::uint64_t begin, std::uint64_t end) {
  return {{"dtype", dtype}, {"shape", shape}, {"data_offsets", {begin, end}}};
}

TEST(Safetensors, RoundTrip) {
  const NamedTensors tensors = {{"a", at::arange(12, at::kFloat).view({3, 4})},
                                {"b", at::ones({5}, at::kBFloat16)},
                                {"empty", at::empty({0, 7}, at::kLong)},
                                {"scalar", at::full({}, -3, at::kShort)},
                                {"view", at::arange(10, at::kFloat).view({2, 5}).t()}};
  write_safetensors(temp("round.safetensors"), tensors);
  const SafetensorsFile file(temp("round.safetensors"));
  EXPECT_EQ(file.names().size(), 5u);
  for (const auto& [name, x] : tensors) EXPECT_TRUE(file.tensor(name).equal(x)) << name;
  EXPECT_THROW(file.tensor("c"), Error);
}

// Tensors larger than a piece, of an odd size, made while they are written.
TEST(Safetensors, PiecesOfLargeTensors) {
  const std::int64_t size = 9'000'011;
  const Tensor whole = at::arange(size, at::kInt);
  auto owned = std::make_shared<Tensor>(whole.to(at::kShort));
  const std::weak_ptr<Tensor> watch = owned;
  std::vector<std::int64_t> begins;
  std::vector<TensorSource> sources;
  sources.push_back(
      {"first", at::kShort, {size}, [&begins, x = std::move(owned)](std::int64_t begin, std::int64_t end) {
         begins.push_back(begin);
         return x->slice(0, begin, end);
       }});
  sources.push_back({"second", at::kFloat, {1, size}, [&](std::int64_t begin, std::int64_t end) {
                       EXPECT_TRUE(watch.expired());  // the first source is gone by now
                       return whole.slice(0, begin, end).to(at::kFloat);
                     }});
  write_safetensors(temp("pieces.safetensors"), std::move(sources));
  EXPECT_GT(begins.size(), 2u);
  EXPECT_TRUE(std::ranges::is_sorted(begins));
  const SafetensorsFile file(temp("pieces.safetensors"));
  EXPECT_TRUE(file.tensor("first").equal(whole.to(at::kShort)));
  EXPECT_TRUE(file.tensor("second").equal(whole.to(at::kFloat).view({1, size})));
  EXPECT_TRUE(file.elements("second", 5'000'000, 5'000'003).equal(at::tensor({5e6f, 5e6f + 1, 5e6f + 2})));
  Tensor copy = at::empty({size}, at::kDouble);
  file.copy_into(stored("first", copy));
  EXPECT_TRUE(copy.equal(whole.to(at::kShort).to(at::kDouble)));
  EXPECT_THROW(file.copy_into(stored("second", copy)), Error);  // another shape
  fs::remove(temp("pieces.safetensors"));
}

TEST(Safetensors, SourcesThatBreakTheirWord) {
  const auto write = [](at::ScalarType type, std::int64_t size) {
    std::vector<TensorSource> sources;
    sources.push_back(
        {"a", type, {size}, [](std::int64_t, std::int64_t) { return at::ones({3}, at::kFloat); }});
    write_safetensors(temp("word.safetensors"), std::move(sources));
  };
  fs::remove(temp("word.safetensors"));
  EXPECT_THROW(write(at::kFloat, 4), Error);
  EXPECT_THROW(write(at::kShort, 3), Error);
  EXPECT_FALSE(fs::exists(temp("word.safetensors")));
  write(at::kFloat, 3);
}

struct Bad {
  const char* name;
  std::string bytes;
  const char* expected;
};

TEST(Safetensors, BadFilesAreRefused) {
  const Bad table[] = {
      {"empty", "", "not a safetensors"},
      {"short", "1234567", "not a safetensors"},
      {"lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 5\n", "git-lfs"},
      {"zip", "PK\3\4 a pickled PyTorch file of some length", ".bin"},
      {"html", "<!doctype html><html>not found, sorry</html>", "web page"},
      {"huge_header", std::string("\xff\xff\xff\xff\xff\xff\xff\x7f") + "{}", "not a safetensors"},
      {"bad_json", file_bytes("x", 0).replace(8, 3, "{\"a"), "JSON"},
      {"dtype", file_bytes({{"a", entry("F8", {1}, 0, 1)}}, 1), "F8"},
      {"negative", file_bytes({{"a", entry("F32", {-1}, 0, 4)}}, 4), "shape"},
      {"overflow", file_bytes({{"a", entry("F32", {1ll << 40, 1ll << 40}, 0, 4)}}, 4), "shape"},
      {"overflow_of_none", file_bytes({{"a", entry("F32", {0, 1ll << 40, 1ll << 40}, 0, 0)}}, 0), "shape"},
      {"size", file_bytes({{"a", entry("F32", {2}, 0, 4)}}, 4), "offsets"},
      {"beyond", file_bytes({{"a", entry("F32", {2}, 0, 8)}}, 4), "offsets"},
      {"hole", file_bytes({{"a", entry("F32", {1}, 0, 4)}, {"b", entry("F32", {1}, 8, 12)}}, 12), "offsets"},
      {"overlap", file_bytes({{"a", entry("F32", {2}, 0, 8)}, {"b", entry("F32", {1}, 4, 8)}}, 8), "offsets"},
      {"tail", file_bytes({{"a", entry("F32", {1}, 0, 4)}}, 9), "too long"},
      {"no_offsets", file_bytes({{"a", {{"dtype", "F32"}, {"shape", {1}}}}}, 4), "data_offsets"},
      {"one_offset", file_bytes({{"a", {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {0}}}}}, 4),
       "offsets"},
      {"no_offset",
       file_bytes({{"a", {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", Json::array()}}}}, 4),
       "offsets"},
  };
  for (const Bad& bad : table) {
    write_file(temp("bad.safetensors"), bad.bytes);
    try {
      SafetensorsFile file(temp("bad.safetensors"));
      ADD_FAILURE() << bad.name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_data) << bad.name;
      const std::string text = std::string(error.what()) + " " + error.hint();
      EXPECT_NE(text.find(bad.expected), std::string::npos) << bad.name << ": " << text;
    }
  }
}

// A file cut anywhere is refused, never read beyond its end.
TEST(Safetensors, EveryTruncationIsRefused) {
  write_safetensors(temp("whole.safetensors"),
                    {{"a", at::ones({6}, at::kFloat)}, {"b", at::ones({3}, at::kFloat)}});
  const std::string bytes = read_file(temp("whole.safetensors"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    write_file(temp("cut.safetensors"), bytes.substr(0, size));
    EXPECT_THROW(SafetensorsFile file(temp("cut.safetensors")), Error) << size;
  }
}

TEST(HuggingFace, RefusesFoldersItCannotRead) {
  const fs::path good = fs::path(FILM_TEST_DATA) / "parity/v02", folder = temp("hf");
  const auto expect = [&](const char* what, const std::function<void()>& damage, ExitCode code) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const char* file : {"config.json", "model.safetensors"}) fs::copy_file(good / file, folder / file);
    damage();
    try {
      load_weights(folder, engine::model_config_from_hugging_face(folder / "config.json"), at::kFloat);
      ADD_FAILURE() << what << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << what << ": " << error.what();
    }
  };
  const auto edit = [&](const char* key, const Json& value) {
    Json json = read_json(folder / "config.json");
    json[key] = value;
    write_file(folder / "config.json", to_pretty(json));
  };
  expect(
      "no weights", [&] { fs::remove(folder / "model.safetensors"); }, ExitCode::no_input);
  expect(
      "bin only", [&] { fs::rename(folder / "model.safetensors", folder / "pytorch_model.bin"); },
      ExitCode::no_input);
  expect(
      "no config", [&] { fs::remove(folder / "config.json"); }, ExitCode::no_input);
  expect(
      "other type", [&] { edit("model_type", "gpt2"); }, ExitCode::bad_data);
  expect(
      "rope scaling",
      [&] {
        edit("rope_scaling", {{"rope_type", "yarn"}});
      },
      ExitCode::bad_data);
  expect(
      "activation", [&] { edit("hidden_act", "gelu"); }, ExitCode::bad_data);
  expect(
      "other width", [&] { edit("hidden_size", 24); }, ExitCode::bad_data);
  expect(
      "more layers", [&] { edit("num_hidden_layers", 3); }, ExitCode::bad_data);
  expect(
      "fewer layers", [&] { edit("num_hidden_layers", 1); }, ExitCode::bad_data);
  expect(
      "heads", [&] { edit("num_key_value_heads", 3); }, ExitCode::bad_data);
  expect(
      "text for a number", [&] { edit("hidden_size", "wide"); }, ExitCode::bad_data);
}

}  // namespace
}  // namespace film::checkpoint
