#include "film/base/thinking.h"

#include <algorithm>
#include <array>

#include "film/base/strings.h"

namespace film {
namespace {

struct Marks {
  std::string_view open, close;
};
constexpr std::array kMarks = {Marks{"<think>", "</think>"},
                               Marks{"<thinking>", "</thinking>"},
                               Marks{"<thought>", "</thought>"},
                               Marks{"<reasoning>", "</reasoning>"},
                               Marks{"<seed:think>", "</seed:think>"},
                               Marks{"[think]", "[/think]"},
                               Marks{"\u25c1think\u25b7", "\u25c1/think\u25b7"}};
constexpr std::string_view kChannel = "<|channel|>", kFinal = "<|channel|>final<|message|>";

std::string_view without_end_marks(std::string_view text) {
  for (const std::string_view mark : {"<|return|>", "<|end|>"})
    if (trim(text).ends_with(mark)) text = text.substr(0, text.rfind(mark));
  return text;
}

Thinking of_channels(std::string_view text) {
  const std::size_t last = text.rfind(kFinal);
  if (last == std::string_view::npos) return {{}, text.size(), true};
  return {without_end_marks(text.substr(last + kFinal.size())), last, false};
}

// Every mark begins with one of these bytes.
bool may_hold_marks(std::string_view text) {
  return text.find('<') != text.npos || text.find('[') != text.npos || text.find("\u25c1") != text.npos;
}

}  // namespace

Thinking split_thinking(std::string_view text) {
  if (!may_hold_marks(text)) return {text, 0, false};
  if (text.find(kChannel) != std::string_view::npos) return of_channels(text);
  const std::string lower = to_lower_ascii(text);  // positions are those of `text`
  std::size_t answer = 0, open = std::string_view::npos;
  for (const Marks& marks : kMarks) {
    if (const std::size_t at = lower.rfind(marks.close); at != std::string::npos)
      answer = std::max(answer, at + marks.close.size());
    if (const std::size_t at = lower.rfind(marks.open); at != std::string::npos)
      open = open == std::string_view::npos ? at : std::max(open, at);
  }
  // An opening mark that is not closed: the model was still thinking. Inside an answer it may be what is spoken of.
  const std::string_view rest = text.substr(answer);
  if (open != std::string_view::npos && open >= answer && trim(text.substr(answer, open - answer)).empty())
    return {{}, text.size(), true};
  return {rest, answer, false};
}

}  // namespace film
