#pragma once
// Why a question is not kept: few fixed words, so that they can be counted. docs/formats.md lists them by
// generator; a test compares that list with this one.
#include <string>

#include "film/base/enum_names.h"
#include "film/base/error.h"

namespace film::questions {

enum class RejectReason {
  // offline
  nothing_to_ask,            // no type of question suits the segment
  no_whole_sentence,         // none of a length that may be asked about
  answer_not_in_segment,     // the value of a needle does not occur in its own segment
  answer_in_question,        // also of endpoint
  answer_in_other_segments,  // a right answer would not prove that the evidence was found
  piece_not_unique,          // the quoted words occur more than once in the context
  // endpoint: what the model wrote
  skipped,             // the model says that there is nothing to ask about
  refusal,             // the model, or its server, declines
  unparsable,          // neither JSON nor "Question: … Answer: …"
  no_question,         // also of import
  no_answer,           // also of import
  question_too_short,  // these three: settings endpoint.filters
  question_too_long,
  answer_too_long,
  no_pieces,         // of integration: the answer does not name its pieces
  wrong_piece,       // of integration: it names one that was not shown
  too_few_pieces,    // of integration: fewer than two
  names_its_source,  // a banned phrase: "according to the text"
  answer_unknown,    // "not mentioned"
  copied,            // too long a run of words of the evidence
  not_grounded,      // too few of its words are in the evidence
  // endpoint: what became of the request (endpoint/chat.h)
  length,
  content_filter,
  empty,
  thinking,
  bad_request,
  too_long,
  server_error,
  timeout,
  reset,
  bad_body,
  wrong_schema,
  too_big,
  conflict,
  rate_limited,
  overloaded,
  unreachable,
  proxy,
  denied,
  quota,
  untrusted,
  redirect,
  no_model,
  no_such_address,
  // import: a row that cannot be read (sources/rows.h)
  bad_utf8,
  bad_json,
  not_an_object,
  duplicate_key,
  wrong_type,
  too_large,
  cell_count,
  // import: a row that cannot be placed
  bad_context,      // not a number
  unknown_context,  // a number that is not in DATA
  bad_split,        // not train, validation or test
  other_split,      // the context, or every context that holds the quotes, belongs to another split
  no_context_and_no_quote,
  context_names_no_evidence,
  quote_not_found,
  quote_in_several_segments,
};

constexpr auto enum_names(RejectReason) {
  using enum RejectReason;
  return std::array{
      EnumName{nothing_to_ask, "nothing_to_ask"},
      EnumName{no_whole_sentence, "no_whole_sentence"},
      EnumName{answer_not_in_segment, "answer_not_in_segment"},
      EnumName{answer_in_question, "answer_in_question"},
      EnumName{answer_in_other_segments, "answer_in_other_segments"},
      EnumName{piece_not_unique, "piece_not_unique"},
      EnumName{skipped, "skipped"},
      EnumName{refusal, "refusal"},
      EnumName{unparsable, "unparsable"},
      EnumName{no_question, "no_question"},
      EnumName{no_answer, "no_answer"},
      EnumName{question_too_short, "question_too_short"},
      EnumName{question_too_long, "question_too_long"},
      EnumName{answer_too_long, "answer_too_long"},
      EnumName{no_pieces, "no_pieces"},
      EnumName{wrong_piece, "wrong_piece"},
      EnumName{too_few_pieces, "too_few_pieces"},
      EnumName{names_its_source, "names_its_source"},
      EnumName{answer_unknown, "answer_unknown"},
      EnumName{copied, "copied"},
      EnumName{not_grounded, "not_grounded"},
      EnumName{length, "length"},
      EnumName{content_filter, "content_filter"},
      EnumName{empty, "empty"},
      EnumName{thinking, "reasoning_only"},
      EnumName{bad_request, "bad_request"},
      EnumName{too_long, "too_long"},
      EnumName{server_error, "server_error"},
      EnumName{timeout, "timeout"},
      EnumName{reset, "reset"},
      EnumName{bad_body, "bad_body"},
      EnumName{wrong_schema, "wrong_schema"},
      EnumName{too_big, "too_big"},
      EnumName{conflict, "conflict"},
      EnumName{rate_limited, "rate_limited"},
      EnumName{overloaded, "overloaded"},
      EnumName{unreachable, "unreachable"},
      EnumName{proxy, "proxy"},
      EnumName{denied, "denied"},
      EnumName{quota, "quota"},
      EnumName{untrusted, "untrusted"},
      EnumName{redirect, "redirect"},
      EnumName{no_model, "no_model"},
      EnumName{no_such_address, "no_such_address"},
      EnumName{bad_utf8, "bad_utf8"},
      EnumName{bad_json, "bad_json"},
      EnumName{not_an_object, "not_an_object"},
      EnumName{duplicate_key, "duplicate_key"},
      EnumName{wrong_type, "wrong_type"},
      EnumName{too_large, "too_large"},
      EnumName{cell_count, "cell_count"},
      EnumName{bad_context, "bad_context"},
      EnumName{unknown_context, "unknown_context"},
      EnumName{bad_split, "bad_split"},
      EnumName{other_split, "other_split"},
      EnumName{no_context_and_no_quote, "no_context_and_no_quote"},
      EnumName{context_names_no_evidence, "context_names_no_evidence"},
      EnumName{quote_not_found, "quote_not_found"},
      EnumName{quote_in_several_segments, "quote_in_several_segments"},
  };
}

// The reason of the same name: of a request (endpoint::Reason), or of a row that could not
// be read (sources::RowFault).
template <NamedEnum E>
RejectReason to_reject_reason(E reason) {
  const std::string name = name_of(reason);
  if (const std::optional<RejectReason> found = from_name<RejectReason>(name)) return *found;
  throw internal_error("no reason of rejection is called \"" + name + "\"");
}

}  // namespace film::questions
