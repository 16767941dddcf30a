#include "nolima.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "essays.h"
#include "film/base/error.h"
#include "film/base/fill_template.h"
#include "film/base/log.h"
#include "film/base/random.h"
#include "film/base/signals.h"
#include "film/base/strings.h"
#include "film/sources/rows.h"
#include "film/text/tokenizer.h"

namespace film::benchmarks {
namespace {

constexpr const char* kPrompt =  // the wording is the benchmark's
    "You will answer a question based on the following book snippet:\n\n{haystack}\n\nUse the information "
    "provided in the "
    "book snippet to answer the question. Your answer should be short and based on either explicitly stated "
    "facts or "
    "strong, logical inferences.\n\nQuestion: {question}\n\n Return only the final answer with no additional "
    "explanation or "
    "reasoning.";

struct Book {
  std::string name;
  text::TokenIds ids;
  std::vector<std::size_t> line_ends;  // tokens that hold a line break, and 0
};

// One question about one needle.
struct Pair {
  std::string id, kind, needle, question, prompt;
  std::vector<std::string> characters, answers;  // answers: empty where it is the character
};

std::vector<Book> read_books(const std::string& folder, const text::Tokenizer& tokenizer) {
  std::vector<Book> books;
  const auto files = text_files(folder, "nolima.books");
  sources::for_each_row(files, {{{"text"}}}, [&](sources::Row&& row) {
    if (row.fault)
      throw bad_data(sources::where(row, files) + ": " + row.detail, "nolima.books takes text files");
    Book book{files[row.file].name, tokenizer.encode(row.cells[0].text), {0}};
    for (std::size_t i = 1; i < book.ids.size(); ++i)
      if (tokenizer.decode({&book.ids[i], 1}).find('\n') != std::string::npos) book.line_ends.push_back(i);
    books.push_back(std::move(book));
  });
  return books;
}

// {1}, {2} … of a needle or question.
std::string with_arguments(std::string text, const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i)
    text = fill_template(text, std::to_string(i + 1), arguments[i]);
  return text;
}

std::vector<Pair> read_pairs(const std::string& file) {
  std::vector<Pair> pairs;
  const Json whole = read_json(file);
  if (!whole.is_array())
    throw bad_data(file + ": must be a list of needles", "nolima.needles is needle_set.json");
  for (const Json& needle : whole) {
    const auto id = member<std::string>(needle, "id", file),
               text = member<std::string>(needle, "needle", file);
    const auto characters = member<std::vector<std::string>>(needle, "character_set", file);
    const std::string prompt =
        needle.contains("task_template") ? member<std::string>(needle, "task_template", file) : kPrompt;
    const Json tests = member<Json>(needle, "tests", file),
               questions = member<Json>(needle, "questions", file);
    for (const auto& [test, values] : tests.items())
      for (const auto& [kind, _] : questions.items()) {
        const auto arguments = member<std::vector<std::string>>(values, "input_args", file);
        Pair pair{id + "-" + test,
                  kind,
                  with_arguments(text, arguments),
                  with_arguments(member<std::string>(questions, kind.c_str(), file), arguments),
                  prompt,
                  characters,
                  {}};
        if (values.contains("gold_answers"))
          pair.answers = member<std::vector<std::string>>(values, "gold_answers", file);
        pairs.push_back(std::move(pair));
      }
  }
  if (pairs.empty()) throw bad_data(file + ": there is no needle with a question");
  return pairs;
}

struct Placed {
  std::string text;
  std::size_t tokens_before = 0;
};

// `needle` behind a line of the book, with `length` tokens of the book around it: the window slides by less than a line, so
// that the needle stands behind the same number of tokens in every book.
Placed placed(const Book& book, const std::string& needle, std::size_t length, double depth,
              const text::Tokenizer& tokenizer) {
  const auto before = static_cast<std::size_t>(std::lround(static_cast<double>(length) * depth));
  const auto least = static_cast<std::size_t>(std::ceil(depth * static_cast<double>(length + 1)));
  const auto end = std::ranges::lower_bound(book.line_ends, least);
  if (end == book.line_ends.end() || *end - before + length > book.ids.size())
    throw config_error(fmt::format("{} has {} tokens: no needle fits behind {} of {}", book.name,
                                   book.ids.size(), before, length),
                       "lower lengths, or name longer books: --set nolima.books=FOLDER");
  const std::span<const text::TokenId> ids(book.ids);
  const std::size_t begin = *end - before;
  std::string front = tokenizer.decode(ids.subspan(begin, *end + 1 - begin));
  const std::size_t line = front.rfind('\n');
  front.resize(line == std::string::npos ? 0 : line);
  const std::size_t rest = line == std::string::npos ? begin : *end + 1;
  return {(front.empty() ? "" : front + " ") + needle + "\n" +
              tokenizer.decode(ids.subspan(rest, begin + length - rest)),
          before};
}

class NolimaWriter {
 public:
  NolimaWriter(const Settings& settings, std::uint64_t limit)
      : settings_(settings),
        limit_(limit == 0 ? UINT64_MAX : limit),
        tokenizer_(text::Tokenizer::load(settings.tokenizer)),
        books_(read_books(settings.nolima.books, tokenizer_)),
        pairs_(read_pairs(settings.nolima.needles)) {}

  Written operator()(const fs::path& out) {
    Written written;
    written.facts.benchmark = name_of(settings_.benchmark);
    written.facts.tokenizer = tokenizer_.sha256();
    for (const std::uint32_t length : settings_.lengths_or_own()) {
      const fs::path folder = std::to_string(length), name = folder / "nolima.jsonl";
      make_folder(out / folder);
      AtomicFile file(out / name);
      written.facts.rows["nolima"] = write(length, file);
      written.facts.mean_tokens[folder.string()]["nolima"] = length;
      file.commit();
      written.files.push_back(name);
    }
    return written;
  }

 private:
  std::uint64_t write(std::uint32_t length, AtomicFile& file) const {
    std::uint64_t rows = 0;
    for (std::size_t p = 0; p < pairs_.size(); ++p)
      for (const Book& book : books_)
        for (std::uint32_t d = 0; d < settings_.nolima.depths && rows < limit_; ++d, ++rows) {
          throw_if_stopped("the benchmark is not finished");
          file.write(to_line(row(p, book, length, d, rows)) + "\n");
        }
    return rows;
  }

  Json row(std::size_t number, const Book& book, std::uint32_t length, std::uint32_t place,
           std::uint64_t index) const {
    const Pair& pair = pairs_[number];
    Random random(settings_.seed, "nolima.character." + std::to_string(length), index);
    const std::string& character =
        pair.characters[static_cast<std::size_t>(random.below(pair.characters.size()))];
    const double depth =
        settings_.nolima.depths == 1 ? 0.5 : static_cast<double>(place) / (settings_.nolima.depths - 1);
    const Placed made =
        placed(book, fill_template(pair.needle, "CHAR", character), length, depth, tokenizer_);
    const std::string question = fill_template(pair.question, "CHAR", character);
    const std::string prompt =
        fill_template(pair.prompt, {{"{question}", question}, {"{haystack}", made.text}});
    return {{"index", index},
            {"input", prompt},
            {"outputs", pair.answers.empty() ? std::vector{character} : pair.answers},
            {"slot", made.tokens_before},
            {"slots", length + 1},
            {"pair", pair.id},
            {"kind", pair.kind},
            {"book", book.name}};
  }

  const Settings& settings_;
  std::uint64_t limit_;
  text::Tokenizer tokenizer_;
  std::vector<Book> books_;
  std::vector<Pair> pairs_;
};

}  // namespace

Written write_nolima(const Settings& settings, const fs::path& out, std::uint64_t limit) {
  return NolimaWriter(settings, limit)(out);
}

}  // namespace film::benchmarks
