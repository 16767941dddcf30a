#include "film/cleaning/evaluation_texts.h"

#include <algorithm>
#include <set>

#include "evaluation_rows.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "flat_table.h"
#include "normalized_words.h"

namespace film::cleaning {
namespace {

constexpr std::size_t kFewestWords = 6, kFewestDifferent = 4;  // of a text that is compared whole

bool says_something(const NormalizedWords& words) {
  if (words.size() < kFewestWords) return false;
  std::set<std::string_view> different;
  for (std::size_t i = 0; i < words.size(); ++i) different.insert(words.word(i));
  return different.size() >= kFewestDifferent;
}

}  // namespace

class EvaluationTexts::Index {
 public:
  explicit Index(const DecontaminationSettings& settings) : settings_(settings) {
    facts_.words = settings.words;
    facts_.han_words = settings.han_words;
  }

  void add(const sources::SourceFile& file) {
    DecontaminationFacts::File facts;
    facts.name = file.name;
    facts.rows =
        for_each_text(file, [&](std::uint64_t line, const std::string& part, const std::string& text) {
          add_text({NormalizedWords(text), facts_.files.size(), line, part}, facts);
        });
    facts_.files.push_back(std::move(facts));
  }

  std::optional<Overlap> find(std::string_view document) const {
    const NormalizedWords words(document);
    const std::vector<std::uint64_t> hashes = word_hashes(words);
    for (const std::size_t length : lengths_) {
      const WindowHashes windows(hashes, length);
      for (std::size_t i = 0; i < windows.size(); ++i)
        if (const Text* text = holder_of(words.window(i, length), windows[i], length))
          return Overlap{where(*text), std::string(words.window(i, length))};
    }
    return std::nullopt;
  }

  const DecontaminationFacts& facts() const { return facts_; }

 private:
  struct Text {
    NormalizedWords words;
    std::size_t file = 0;
    std::uint64_t line = 0;
    std::string part;
  };

  // A value of the table: number of the text above, first word of the window below.
  static constexpr int kWordBits = 28;

  void add_text(Text text, DecontaminationFacts::File& facts) {
    ++facts.texts;
    const std::size_t usual = text.words.mostly_han() ? settings_.han_words : settings_.words;
    if (text.words.size() < usual && !says_something(text.words)) {
      ++facts.too_short;
      return;
    }
    const std::size_t length = std::min(usual, text.words.size());
    lengths_.insert(length);
    const WindowHashes windows(word_hashes(text.words), length);
    const std::uint64_t number = texts_.size();
    texts_.push_back(std::move(text));
    for (std::size_t i = 0; i < windows.size(); ++i)
      if (holder_of(texts_.back().words.window(i, length), windows[i], length) == nullptr)
        table_.insert(windows[i], number << kWordBits | i);
  }

  const Text* holder_of(std::string_view window, std::uint64_t hash, std::size_t length) const {
    const Text* holder = nullptr;
    table_.any_of(hash, [&](std::uint64_t value) {
      const Text& text = texts_[value >> kWordBits];
      const std::size_t first = value & ((std::uint64_t{1} << kWordBits) - 1);
      if (first + length <= text.words.size() && text.words.window(first, length) == window) holder = &text;
      return holder != nullptr;
    });
    return holder;
  }

  std::string where(const Text& text) const {
    return facts_.files[text.file].name + (text.line > 0 ? ":" + std::to_string(text.line) : "") +
           (text.part.empty() ? "" : " (" + text.part + ")");
  }

  const DecontaminationSettings settings_;
  std::vector<Text> texts_;
  std::set<std::size_t> lengths_;  // of windows, in words
  FlatTable table_;
  DecontaminationFacts facts_;
};

std::vector<sources::SourceFile> list_evaluation_files(const DecontaminationSettings& settings) {
  if (!settings.on()) return {};
  using enum sources::FileKind;
  const sources::FileFilter filter{{".txt", ".md"}, {jsonl, csv, tsv}, ""};
  return sources::list_files({settings.inputs.begin(), settings.inputs.end()}, filter, "decontaminate.inputs")
      .files;
}

EvaluationTexts::EvaluationTexts(const DecontaminationSettings& settings,
                                 const std::vector<sources::SourceFile>& files)
    : index_(std::make_unique<Index>(settings)) {
  for (const sources::SourceFile& file : files) index_->add(file);
}

EvaluationTexts::~EvaluationTexts() = default;

std::optional<Overlap> EvaluationTexts::overlap(std::string_view document) const {
  return index_->find(document);
}

DecontaminationFacts EvaluationTexts::facts() const { return index_->facts(); }

}  // namespace film::cleaning
