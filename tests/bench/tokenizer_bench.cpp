// film's tokenizer against SentencePiece's C++ on every file of a folder. tokenizer.py runs this and
// its peers and makes a table; each line here is: name, CPU seconds of the best round, bytes, tokens,
// SHA-256 of all ids.
#include <sentencepiece_processor.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <set>
#include <thread>

#include "film/base/error.h"
#include "film/base/files.h"
#include "film/text/tokenizer.h"

namespace film {
namespace {

using Texts = std::vector<std::string>;
using Encode = std::function<text::TokenIds(const std::string&)>;

Texts read_folder(const fs::path& folder, const std::set<std::string>& endings) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && endings.contains(entry.path().extension())) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end(),
            [](const fs::path& a, const fs::path& b) { return a.string() < b.string(); });
  Texts texts;
  for (const fs::path& path : paths) {
    std::string text = read_file(path);
    const bool fit = !text.empty() && simdjson::validate_utf8(text);  // a peer crashes on other bytes
    if (fit) texts.push_back(std::move(text));
  }
  return texts;
}

// CPU seconds of this process: other work on the machine does not count.
double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

void measure(const char* name, const Texts& texts, int rounds, const Encode& encode) {
  std::vector<text::TokenIds> all(texts.size());
  double best = 1e30;
  for (int round = 0; round < rounds; ++round) {
    for (text::TokenIds& ids : all) ids.clear();
    best = std::min(best, seconds_of([&] {
                      for (std::size_t i = 0; i < texts.size(); ++i) all[i] = encode(texts[i]);
                    }));
  }
  text::TokenIds joined;
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  for (const text::TokenIds& ids : all) joined.insert(joined.end(), ids.begin(), ids.end());
  const std::string_view raw(reinterpret_cast<const char*>(joined.data()),
                             joined.size() * sizeof(text::TokenId));
  std::printf("%s\t%.6f\t%zu\t%zu\t%s\n", name, best, bytes, joined.size(), sha256(raw).c_str());
  std::fflush(stdout);
}

// All texts by each of `threads` threads at once, as a check on scaling; prints CPU seconds for the work of one.
void measure_threads(const Texts& texts, const text::Tokenizer& tokenizer, int threads) {
  const auto work = [&] {
    for (const std::string& text : texts) static_cast<void>(tokenizer.encode(text));
  };
  const double seconds = seconds_of([&] {
    std::vector<std::jthread> pool;
    for (int t = 0; t < threads; ++t) pool.emplace_back(work);
  });
  std::printf("# %d threads, each all texts: %.6f CPU s for the work of one\n", threads, seconds / threads);
}

// The way back, a list of whole texts' ids at a time.
void measure_decoding(const Texts& texts, const text::Tokenizer& tokenizer,
                      const sentencepiece::SentencePieceProcessor& processor, int rounds) {
  std::vector<text::TokenIds> all;
  for (const std::string& text : texts) all.push_back(tokenizer.encode(text));
  double film = 1e30, theirs = 1e30;
  for (int round = 0; round < rounds; ++round)
    film = std::min(film, seconds_of([&] {
                      for (const text::TokenIds& ids : all) static_cast<void>(tokenizer.decode(ids));
                    }));
  theirs = std::min(theirs, seconds_of([&] {
                      for (const text::TokenIds& ids : all) static_cast<void>(processor.DecodeIds(ids));
                    }));
  for (const text::TokenIds& ids : all)
    if (tokenizer.decode(ids) != processor.DecodeIds(ids)) throw bad_data("decoded texts differ");
  std::printf("# decoding: film %.4f s, SentencePiece C++ %.4f s, %.0f times\n", film, theirs, theirs / film);
}

int run(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: film_bench_tokenizer MODEL FOLDER ROUNDS [.ending ...]\n");
    return 2;
  }
  std::set<std::string> endings(argv + 4, argv + argc);
  if (endings.empty()) endings = {".txt"};
  const Texts texts = read_folder(argv[2], endings);
  const int rounds = std::max(1, std::atoi(argv[3]));

  const double loading = seconds_of([&] { static_cast<void>(text::Tokenizer::load(argv[1])); });
  std::printf("# loading: %.3f s\n", loading);
  const text::Tokenizer tokenizer = text::Tokenizer::load(argv[1]);
  const Encode fast = [&](const std::string& text) { return tokenizer.encode(text); };
  measure("film, first pass", texts, 1, fast);
  measure("film, warm", texts, rounds, fast);
  measure_threads(texts, tokenizer, 2);

  sentencepiece::SentencePieceProcessor processor;
  if (!processor.Load(argv[1]).ok()) throw bad_data("SentencePiece cannot load the model");
  measure("SentencePiece C++", texts, std::min(rounds, 2), [&](const std::string& text) {
    std::vector<int> ids;
    if (!processor.Encode(text, &ids).ok()) throw bad_data("SentencePiece cannot encode");
    return ids;
  });
  measure_decoding(texts, tokenizer, processor, rounds);
  return 0;
}

}  // namespace
}  // namespace film

int main(int argc, char** argv) try { return film::run(argc, argv); } catch (const film::Error& error) {
  std::fprintf(stderr, "%s\n%s\n", error.what(), error.hint().c_str());
  return static_cast<int>(error.code());
}
