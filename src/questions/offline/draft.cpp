#include "draft.h"

#include "film/base/fill_template.h"
#include "film/base/sentences.h"
#include "film/base/words.h"

namespace film::questions {
namespace {

// `count` consecutive words of a sentence, every place equally likely.
std::string_view draw_words(std::string_view sentence, std::uint64_t count, Random& random) {
  const std::vector<std::string_view> words = split_words(sentence);
  const std::uint64_t first = random.below(words.size() - count + 1);
  const char* begin = words[first].data();
  const std::string_view last = words[first + count - 1];
  return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

// Without the punctuation at its ends, which stays around a blank.
std::string_view without_edges(std::string_view words) {
  const std::vector<std::string_view> bare = bare_words(words);
  if (bare.empty()) return {};
  const char* end = bare.back().data() + bare.back().size();
  return {bare.front().data(), static_cast<std::size_t>(end - bare.front().data())};
}

}  // namespace

std::vector<std::string_view> askable_sentences(std::string_view flat, const Needle* needle,
                                                const OfflineSettings& settings) {
  auto found = whole_sentences(flat, settings.min_sentence_words, settings.max_sentence_words);
  if (needle != nullptr)
    std::erase_if(found, [&](std::string_view sentence) {
      return sentence.find(needle->sentence) != std::string_view::npos;
    });
  return found;
}

Draft planted_draft(const std::string& wording, const Needle& needle) {
  return {fill_template(wording, "attribute", needle.attribute), needle.value, ""};
}

DraftOrReason cloze_draft(const std::vector<std::string_view>& sentences, const ClozeQuestions& form,
                          Random& random) {
  if (sentences.empty()) return RejectReason::no_whole_sentence;
  const std::string_view sentence = sentences[random.below(sentences.size())];
  const std::uint64_t count = form.min_words + random.below(form.max_words - form.min_words + 1);
  const std::string_view answer = without_edges(draw_words(sentence, count, random));
  if (answer.empty()) return RejectReason::nothing_to_ask;
  std::string quoted(sentence);
  quoted.replace(static_cast<std::size_t>(answer.data() - sentence.data()), answer.size(), form.blank);
  std::string question = fill_template(form.question, {{"{blank}", form.blank}, {"{sentence}", quoted}});
  return Draft{std::move(question), std::string(answer), ""};
}

DraftOrReason sentence_draft(const std::vector<std::string_view>& sentences, const SentenceQuestions& form,
                             Random& random) {
  if (sentences.empty()) return RejectReason::no_whole_sentence;
  const std::string_view answer = sentences[random.below(sentences.size())];
  const std::string piece(draw_words(answer, form.piece_words, random));
  return Draft{fill_template(form.question, "piece", piece), std::string(answer), piece};
}

std::optional<RejectReason> reject_reason(const Draft& draft, const std::vector<PlainText>& texts,
                                          std::uint32_t position) {
  const PlainText answer(draft.answer), piece(draft.piece);
  if (!texts[position].contains(answer)) return RejectReason::answer_not_in_segment;
  if (PlainText(draft.question).contains(answer)) return RejectReason::answer_in_question;
  if (!draft.piece.empty() && texts[position].count(piece) != 1) return RejectReason::piece_not_unique;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i == position) continue;
    if (texts[i].contains(answer)) return RejectReason::answer_in_other_segments;
    if (!draft.piece.empty() && texts[i].contains(piece)) return RejectReason::piece_not_unique;
  }
  return std::nullopt;
}

}  // namespace film::questions
