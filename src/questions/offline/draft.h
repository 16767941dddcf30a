#pragma once
// Drafts of offline questions, a function for each type, and what a draft must pass.
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../plain_text.h"
#include "../reject_reason.h"
#include "film/base/random.h"
#include "film/questions/offline_settings.h"
#include "film/records/records.h"

namespace film::questions {

struct Draft {
  std::string question, answer;
  std::string piece;  // quoted words that must be unique too; empty: none
};

using DraftOrReason = std::variant<Draft, RejectReason>;

// The whole sentences of a normalised text that may be asked about: of the right length, and without the
// needle that was planted into it (null: none). Views of `flat`.
std::vector<std::string_view> askable_sentences(std::string_view flat, const Needle* needle,
                                                const OfflineSettings& settings);

// Asks for the value of a needle. wording: with {attribute}.
Draft planted_draft(const std::string& wording, const Needle& needle);
// Leaves words out of one of the sentences; the answer is those words.
DraftOrReason cloze_draft(const std::vector<std::string_view>& sentences, const ClozeQuestions& form,
                          Random& random);
// Quotes words of one of the sentences; the answer is the whole sentence (as VaL's document task does,
// paper section 3.2).
DraftOrReason sentence_draft(const std::vector<std::string_view>& sentences, const SentenceQuestions& form,
                             Random& random);

// Why a draft about the segment at `position` is not kept, or nothing. texts: of all segments of the context.
std::optional<RejectReason> reject_reason(const Draft& draft, const std::vector<PlainText>& texts,
                                          std::uint32_t position);

}  // namespace film::questions
