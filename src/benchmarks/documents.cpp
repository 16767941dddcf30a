#include "documents.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "film/base/error.h"
#include "film/base/json.h"

namespace film::benchmarks {
namespace {

constexpr const char* kDocumentsQuestion =
    "Answer the question based on the given documents. Only give me the answer and do not output any other "
    "words.\n\nThe "
    "following are given documents.\n\n";
constexpr const char* kAgain =
    "\n\nAnswer the question based on the given documents. Only give me the answer and do not output any "
    "other "
    "words.\n\nQuestion: ";

class DocumentMaker : public SampleMaker {
 public:
  explicit DocumentMaker(Reading reading) : reading_(std::move(reading)) {}

  std::size_t least(const SampleKey& key) const override { return asked(key).gold.size(); }
  std::size_t most() const override { return reading_.documents.size(); }

  Sample make(const SampleKey& key, std::size_t units) const override {
    const Asked& question = asked(key);
    const std::vector<std::uint32_t> order = ordered(key, question, units);
    Sample sample;
    sample.input = kDocumentsQuestion;
    for (std::size_t i = 0; i < order.size(); ++i) {
      sample.input += i == 0 ? "" : "\n\n";
      if (question.gold.size() == 1 && order[i] == question.gold[0]) sample.needles = {sample.input.size()};
      sample.input += "Document " + std::to_string(i + 1) + ":\n" + reading_.documents[order[i]];
    }
    sample.input += kAgain + question.question;
    sample.answer_prefix = " Answer:";
    sample.outputs = question.answers;
    return sample;
  }

 private:
  const Asked& asked(const SampleKey& key) const {
    return reading_.questions[key.number % reading_.questions.size()];
  }

  // Its own documents, then those of its article, then any.
  std::vector<std::uint32_t> chosen(const SampleKey& key, const Asked& question, std::size_t count) const {
    std::vector<std::uint32_t> list = question.gold, near = question.near;
    Random random = key.random("documents");
    random.shuffle(near);
    list.insert(list.end(), near.begin(), near.end());
    std::set<std::uint32_t> taken(list.begin(), list.end());
    while (list.size() < count) {
      const auto any = static_cast<std::uint32_t>(random.below(reading_.documents.size()));
      if (taken.insert(any).second) list.push_back(any);
    }
    list.resize(count);
    return list;
  }

  std::vector<std::uint32_t> ordered(const SampleKey& key, const Asked& question, std::size_t count) const {
    std::vector<std::uint32_t> list = chosen(key, question, count);
    Random random = key.random("order");
    random.shuffle(list);
    if (question.gold.size() != 1) return list;
    const std::size_t slot = (2 * balanced_place(key) + 1) * count / (2 * kDepths);
    std::iter_swap(std::ranges::find(list, question.gold[0]),
                   list.begin() + static_cast<std::ptrdiff_t>(slot));
    return list;
  }

  Reading reading_;
};

// Numbers of documents by their text.
class Numbers {
 public:
  explicit Numbers(Reading& reading) : reading_(reading) {}
  std::uint32_t of(const std::string& text) {
    const auto [place, is_new] = numbers_.emplace(text, static_cast<std::uint32_t>(numbers_.size()));
    if (is_new) reading_.documents.push_back(text);
    return place->second;
  }

 private:
  Reading& reading_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

void require_questions(const Reading& reading, const fs::path& file, const char* expected) {
  if (reading.questions.empty())
    throw bad_data(file.string() + ": there is no question with an answer", expected);
}

std::vector<std::string> texts_of(const Json& answers, const std::string& where) {
  std::vector<std::string> texts;
  for (const Json& answer : answers) {
    const auto text = member<std::string>(answer, "text", where);
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
  }
  return texts;
}

void add_article(const Json& article, const std::string& where, Numbers& numbers, Reading& reading) {
  std::vector<std::uint32_t> documents;
  const Json paragraphs = member<Json>(article, "paragraphs", where);
  for (const Json& paragraph : paragraphs)
    documents.push_back(numbers.of(member<std::string>(paragraph, "context", where)));
  for (std::size_t p = 0; p < paragraphs.size(); ++p)
    for (const Json& asked : member<Json>(paragraphs[p], "qas", where)) {
      Asked question{member<std::string>(asked, "question", where),
                     texts_of(member<Json>(asked, "answers", where), where),
                     {documents[p]},
                     documents};
      std::erase(question.near, documents[p]);
      if (!question.answers.empty()) reading.questions.push_back(std::move(question));
    }
}

}  // namespace

Reading read_squad(const fs::path& file) {
  Reading reading;
  Numbers numbers(reading);
  const Json whole = read_json(file);
  for (const Json& article : member<Json>(whole, "data", file.string()))
    add_article(article, file.string(), numbers, reading);
  require_questions(reading, file, "ruler.squad is SQuAD's dev-v2.0.json");
  return reading;
}

Reading read_hotpotqa(const fs::path& file) {
  constexpr const char* kExpected = "ruler.hotpotqa is HotpotQA's hotpot_dev_distractor_v1.json";
  Reading reading;
  Numbers numbers(reading);
  const Json whole = read_json(file);
  if (!whole.is_array()) throw bad_data(file.string() + ": must be a list of questions", kExpected);
  for (const Json& row : whole) {
    Asked question{member<std::string>(row, "question", file.string()),
                   {member<std::string>(row, "answer", file.string())},
                   {},
                   {}};
    using Paragraph = std::pair<std::string, std::vector<std::string>>;
    for (const auto& [title, sentences] : member<std::vector<Paragraph>>(row, "context", file.string())) {
      std::string text = title + "\n";
      for (const std::string& sentence : sentences) text += sentence;
      question.gold.push_back(numbers.of(text));
    }
    reading.questions.push_back(std::move(question));
  }
  require_questions(reading, file, kExpected);
  return reading;
}

std::unique_ptr<SampleMaker> make_documents(Reading reading) {
  return std::make_unique<DocumentMaker>(std::move(reading));
}

}  // namespace film::benchmarks
