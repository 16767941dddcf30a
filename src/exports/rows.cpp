#include "rows.h"

#include <fmt/format.h>

#include "film/base/strings.h"

namespace film::exports {
namespace {

// Where the answer is found: positions count from 0 among the segments, which newlines part in the context.
Json evidence_of(const AskedQuestion& asked) {
  Json list = Json::array();
  for (const std::uint32_t position : asked.question.evidence)
    list.push_back({{"segment", position},
                    {"of", asked.segments.size()},
                    {"id", asked.context.segments.at(position)},
                    {"text", asked.segments.at(position)}});
  return list;
}

Json turn(const char* role, const std::string& content) { return {{"role", role}, {"content", content}}; }

std::string whole_text(const AskedQuestion& asked, const std::string& context, text::PromptStyle style) {
  const text::PromptTemplate& form = text::prompt_template(style);
  return form.before_context + context + form.before_question + asked.question.question +
         form.after_question + form.answer_lead + asked.question.answer;
}

}  // namespace

std::string question_id(const Example& example, std::size_t number) {
  return fmt::format("{:06}-{:03}", example.id, number);
}

Json row_of(const AskedQuestion& asked, const ExportSettings& settings) {
  const std::string context = join(asked.segments, "\n");
  Json row = {{"id", asked.id}};
  if (settings.form == ExportForm::text) {
    row["text"] = whole_text(asked, context, settings.prompt);
  } else {
    const Json user = turn("user", text::user_message(settings.prompt, context, asked.question.question));
    if (settings.form == ExportForm::rl) {
      row["prompt"] = Json::array({user});
      row["answer"] = asked.question.answer;
    } else {
      row["messages"] = Json::array({user, turn("assistant", asked.question.answer)});
    }
  }
  row["kind"] = asked.example.kind;
  row["context"] = asked.context.id;
  row["tokens"] = asked.context.tokens;
  row["evidence"] = evidence_of(asked);
  if (asked.context.twin_of) row["unanswerable"] = true;
  return row;
}

}  // namespace film::exports
