// The reader over random damage: what it accepts can be read, all else is an Error that says bad data (65) or
// no input (66). Nothing is read beyond the file, nothing crashes.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <limits>

#include "film/base/error.h"
#include "support.h"

namespace film::checkpoint {
namespace {

using testing_checkpoint::Masters;
using testing_checkpoint::small_config;
using testing_checkpoint::TempFolder;

void put(const fs::path& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// Whether `open` refuses; fails the test if it ends in anything but success or an Error with 65 or 66.
template <class F>
bool refused(const F& open) {
  try {
    open();
    return false;
  } catch (const Error& error) {
    EXPECT_TRUE(error.code() == ExitCode::bad_data || error.code() == ExitCode::no_input)
        << static_cast<int>(error.code()) << " " << error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "not an Error: " << error.what();
  }
  return true;
}

void read_all(const fs::path& path) {
  const SafetensorsFile file(path);
  for (const std::string& name : file.names()) {
    const Tensor x = file.tensor(name);
    EXPECT_EQ(file.elements(name, 0, x.numel()).numel(), x.numel());
    Tensor copy = at::empty(x.sizes(), at::kDouble);
    file.copy_into(stored(name, copy));
  }
}

std::string sample_file(const fs::path& folder) {
  write_safetensors(folder / "good", NamedTensors{{"weight", at::ones({3, 5}, at::kFloat)},
                                                  {"bias", at::ones({7}, at::kBFloat16)},
                                                  {"low", at::ones({2, 2, 2}, at::kShort)},
                                                  {"none", at::empty({0, 4}, at::kLong)},
                                                  {"one", at::ones({}, at::kDouble)}});
  return read_file(folder / "good");
}

std::uint64_t header_end(const std::string& bytes) {
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data(), 8);
  return 8 + size;
}

TEST(Corruption, FlippedBitsOfTheHeader) {
  const TempFolder folder;
  const std::string good = sample_file(folder.path());
  ASSERT_FALSE(refused([&] { read_all(folder / "good"); }));
  std::int64_t count = 0;
  const std::uint64_t bits = 8 * header_end(good);
  const auto flip = [](std::string& bytes, std::uint64_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  };
  for (std::uint64_t bit = 0; bit < bits; ++bit) {  // each one, and with a second one somewhere
    Random random(1, "flips", bit);
    std::string bytes = good;
    flip(bytes, bit);
    if (bit % 2 == 1) flip(bytes, random.below(bits));
    put(folder / "bad", bytes);
    count += refused([&] { read_all(folder / "bad"); }) ? 1 : 0;
  }
  EXPECT_GT(count, static_cast<std::int64_t>(bits) * 7 / 10);  // a flip inside a name makes another name
}

TEST(Corruption, EveryTruncationAndTail) {
  const TempFolder folder;
  const std::string good = sample_file(folder.path());
  for (std::size_t size = 0; size < good.size(); ++size) {
    put(folder / "bad", good.substr(0, size));
    EXPECT_TRUE(refused([&] { read_all(folder / "bad"); })) << size;
    put(folder / "bad", good + good.substr(0, size + 1));
    EXPECT_TRUE(refused([&] { read_all(folder / "bad"); })) << size;
  }
}

// A number that means trouble: 0, small, near the file's size, near the ends of the types.
Json number(Random& random, std::uint64_t size) {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  switch (random.below(6)) {
    case 0:
      return 0;
    case 1:
      return random.below(16);
    case 2:
      return size - 4 + random.below(8);
    case 3:
      return kMost - random.below(9);
    case 4:
      return -static_cast<std::int64_t>(random.below(9));
    default:
      return std::uint64_t{1} << random.below(64);
  }
}

void damage_entry(Json& entry, Random& random, std::uint64_t size) {
  const char* types[] = {"F64", "F32", "F16", "BF16", "I64", "I32", "I16", "U8", "F8_E4M3", ""};
  Json& shape = entry["shape"];
  Json& offsets = entry["data_offsets"];
  switch (random.below(7)) {
    case 0:
      entry["dtype"] = types[random.below(10)];
      break;
    case 1:
      shape.push_back(number(random, size));
      break;
    case 2:
      if (!shape.empty()) shape[random.below(shape.size())] = number(random, size);
      break;
    case 3:
      offsets[random.below(2)] = number(random, size);
      break;
    case 4:
      offsets = {number(random, size), number(random, size)};
      break;
    case 5:
      shape = {number(random, size), 0, number(random, size)};
      break;
    default:
      entry[random.below(2) == 0 ? "shape" : "data_offsets"] = {"x", nullptr, 1.5, Json::array()};
  }
}

// Valid JSON with wrong numbers: overlaps, holes, overflows, other types.
TEST(Corruption, WrongNumbers) {
  const TempFolder folder;
  const std::string good = sample_file(folder.path());
  const std::uint64_t end = header_end(good);
  std::int64_t count = 0;
  constexpr std::int64_t kCases = 3000;
  for (std::int64_t i = 0; i < kCases; ++i) {
    Random random(2, "numbers", static_cast<std::uint64_t>(i));
    Json header = parse_json(std::string_view(good).substr(8, end - 8), "good");
    const char* names[] = {"weight", "bias", "low", "none", "one"};
    for (std::uint64_t k = 0; k <= random.below(2); ++k)
      damage_entry(header[names[random.below(5)]], random, good.size() - end);
    const std::string text = to_line(header);
    const std::uint64_t size = text.size();
    put(folder / "bad", std::string(reinterpret_cast<const char*>(&size), 8) + text + good.substr(end));
    count += refused([&] { read_all(folder / "bad"); }) ? 1 : 0;
  }
  EXPECT_GT(count, kCases * 8 / 10);
}

// A whole folder, one bit of the index or of a shard's header at a time.
TEST(Corruption, FoldersWithFlippedBits) {
  const TempFolder folder;
  const engine::ModelConfig config = small_config();
  const auto files = save_weights(
      folder.path(), config, model::ParameterList(config, Masters(config, 9).whole), at::kBFloat16, "", 3000);
  ASSERT_EQ(files.back(), "model.safetensors.index.json");
  const model::ParameterList target(config, model::empty_tensors(config, at::kFloat));
  ASSERT_FALSE(refused([&] { load_weights(folder.path(), target); }));
  for (const std::string& name : {files.back().string(), files[2].string(), files[4].string()}) {
    const std::string good = read_file(folder / name);
    const std::uint64_t end = name == files.back() ? good.size() : header_end(good);
    for (std::uint64_t i = 0; i < 500; ++i) {
      Random random(3, name, i);
      std::string bytes = good;
      const std::uint64_t at = random.below(end);
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      put(folder / name, bytes);
      refused([&] { load_weights(folder.path(), target); });
    }
    put(folder / name, good);
  }
}

TEST(Corruption, TensorInTwoShards) {
  const TempFolder folder;
  const engine::ModelConfig config = small_config();
  save_weights(folder.path(), config, model::ParameterList(config, Masters(config, 9).whole), at::kBFloat16,
               "");
  fs::copy_file(folder / "model.safetensors", folder / "other.safetensors");
  fs::rename(folder / "model.safetensors", folder / "one.safetensors");  // or it would count alone
  write_file(folder / "model.safetensors.index.json",
             to_pretty({{"weight_map", {{"a", "one.safetensors"}, {"b", "other.safetensors"}}}}));
  EXPECT_TRUE(refused([&] { load_weights(folder.path(), config, at::kFloat); }));
}

}  // namespace
}  // namespace film::checkpoint
