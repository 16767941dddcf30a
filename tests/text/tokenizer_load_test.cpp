// Files that are no SentencePiece model are refused with what they are, before SentencePiece sees them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "support.h"

namespace film::testing_text {
namespace {

using ::testing::HasSubstr;

struct BadFile {
  const char* name;
  std::string content;
  const char* what;
  const char* hint;
};

void PrintTo(const BadFile& file, std::ostream* out) { *out << file.name; }

std::string random_bytes() {
  Random random(3, "tokenizer.load");
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(random.below(256));
  return bytes;
}

std::string with_piece(const std::string& text) {
  HandMadeModel model;
  model.pieces = {{text}};
  return model_bytes(model);
}

std::string without_bos() {
  // Renames <s>: SentencePiece then finds no piece for the beginning of a text.
  std::string bytes = model_bytes({});
  return bytes.replace(bytes.find("<s>"), 3, "<b>");
}

std::vector<BadFile> bad_files() {
  const std::string good = read_file(small_model());
  return {
      {"empty", "", "an empty file", "tokenizer.model"},
      {"git_lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:dadf\nsize 493443\n",
       "git-lfs pointer", "git lfs pull"},
      {"json", "{\"version\": \"1.0\", \"model\": {}}", "got JSON", "instead of tokenizer.json"},
      {"pretty_json", "{\n  \"version\": \"1.0\"\n}", "got JSON", "instead of tokenizer.json"},
      {"json_with_bom", "\xEF\xBB\xBF{\"a\": 1}", "got JSON", "instead of tokenizer.json"},
      {"html", "<!DOCTYPE html><html>404</html>", "HTML page", "fetch the file itself"},
      {"html_after_newlines", "\n\n<html><body>", "HTML page", "fetch the file itself"},
      {"random_bytes", random_bytes(), "not a SentencePiece model", "tokenizer.model"},
      {"text", "Hello, this is a text file.\n", "not a SentencePiece model", "tokenizer.model"},
      {"zeros", std::string(100, '\0'), "not a SentencePiece model", "tokenizer.model"},
      {"no_pieces", "\x1a\x02\x18\x01", "not a SentencePiece model", "tokenizer.model"},
      {"cut_in_a_piece", good.substr(0, good.size() / 2), "cut short or damaged at byte",
       "download it again"},
      {"cut_at_the_end", good.substr(0, good.size() - 1), "cut short or damaged at byte",
       "download it again"},
      {"long_piece", with_piece(std::string(100'000, 'a')), "has 100000 bytes", "damaged"},
      {"empty_piece", with_piece(""), "has 0 bytes", "damaged"},
      {"twice_the_same_piece", with_piece("<s>") + with_piece("<s>"), "SentencePiece refuses",
       "download it again"},
      {"no_bos", without_bos(), "no <s> or no </s>", "a model that has both"},
  };
}

class BadModelFile : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadModelFile, IsRefused) {
  const support::TempFolder folder;
  const fs::path path = folder / (std::string(GetParam().name) + ".model");
  write_file(path, GetParam().content);
  try {
    static_cast<void>(text::Tokenizer::load(path));
    FAIL() << "loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_THAT(error.what(), HasSubstr(path.string()));
    EXPECT_THAT(error.what(), HasSubstr(GetParam().what));
    EXPECT_THAT(error.hint(), HasSubstr(GetParam().hint));
  }
}

INSTANTIATE_TEST_SUITE_P(TokenizerLoad, BadModelFile, ::testing::ValuesIn(bad_files()),
                         [](const auto& test) { return std::string(test.param.name); });

ExitCode code_of_loading(const fs::path& path) {
  try {
    static_cast<void>(text::Tokenizer::load(path));
    return ExitCode::ok;
  } catch (const Error& error) {
    return error.code();
  }
}

TEST(TokenizerLoad, MissingFile) {
  EXPECT_EQ(code_of_loading("/nowhere/tokenizer.model"), ExitCode::no_input);
}

// Whatever is cut off or overwritten, loading ends in an Error or in a tokenizer, never in a crash.
TEST(TokenizerLoad, EveryKindOfDamageEndsInAnError) {
  const std::string good = read_file(small_model());
  for (std::size_t i = 0; i < 300; ++i) {
    Random random(4, "tokenizer.damage", i);
    std::string bytes = good;
    if (i % 2 == 0)
      bytes.resize(random.below(bytes.size()));
    else
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    const ExitCode code = code_of_loading(temporary_file("model", bytes));
    EXPECT_TRUE(code == ExitCode::ok || code == ExitCode::bad_data) << i << ": " << static_cast<int>(code);
  }
}

TEST(TokenizerLoad, KnowsItsFile) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  EXPECT_EQ(tokenizer.path(), small_model());
  EXPECT_EQ(tokenizer.sha256(), film::sha256(read_file(small_model())));
  EXPECT_EQ(tokenizer.vocab_size(), 768U);
  EXPECT_EQ(tokenizer.piece(tokenizer.bos()), "<s>");
  EXPECT_EQ(tokenizer.piece(tokenizer.eos()), "</s>");
  EXPECT_TRUE(tokenizer.splits_at_newlines());
  EXPECT_EQ(tokenizer.why_not_split(), "");
}

}  // namespace
}  // namespace film::testing_text
