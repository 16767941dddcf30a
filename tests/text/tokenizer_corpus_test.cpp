// film's ids are SentencePiece's ids on real text: the files under FILM_CORPUS (the Django sources, for one),
// each whole and line by line. A sample of them unless FILM_FULL=1.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support.h"

namespace film::testing_text {
namespace {

std::vector<fs::path> text_files(const fs::path& folder) {
  const std::set<std::string> endings = {".txt", ".py", ".po", ".md", ".rst", ".html", ".js"};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && endings.contains(entry.path().extension())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

text::TokenIds line_by_line(const text::Tokenizer& tokenizer, std::string_view text) {
  text::TokenIds ids;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string_view line = text.substr(begin, end - begin);
    const text::TokenIds part = begin == 0 ? tokenizer.encode(line) : tokenizer.encode_continuation(line);
    ids.insert(ids.end(), part.begin(), part.end());
  }
  return ids;
}

TEST(TokenizerCorpus, SameIdsOnRealText) {
  const auto corpus = path_from("FILM_CORPUS");
  if (!corpus)
    GTEST_SKIP() << "FILM_CORPUS is not set: it names a folder of text files (.txt, .py, .po and others)";
  const fs::path model = path_from("FILM_TOKENIZER").value_or(small_model());
  const text::Tokenizer tokenizer = text::Tokenizer::load(model);
  const Authority authority(model);
  const std::vector<fs::path> files = text_files(*corpus);
  ASSERT_FALSE(files.empty()) << *corpus << " holds no text files";
  const std::size_t step = path_from("FILM_FULL") == "1" ? 1 : std::max<std::size_t>(1, files.size() / 200);
  std::size_t bytes = 0, tokens = 0, texts = 0;
  for (std::size_t i = 0; i < files.size(); i += step, ++texts) {
    const std::string text = read_file(files[i]);
    const text::TokenIds expected = authority.encode(text);
    ASSERT_TRUE(tokenizer.encode(text) == expected) << files[i];
    ASSERT_TRUE(line_by_line(tokenizer, text) == expected) << files[i];
    bytes += text.size();
    tokens += expected.size();
  }
  std::printf("%zu files, %zu bytes, %zu tokens: no difference\n", texts, bytes, tokens);
}

}  // namespace
}  // namespace film::testing_text
