#include "echo.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "film/base/unicode.h"

namespace film::answers {
namespace {

constexpr double kRounding = 1e-4;  // a probability of 1 may come out a little above it

EchoedText no_echo(std::string problem) { return {{}, true, std::move(problem)}; }
EchoedText failed(std::string problem) { return {{}, false, std::move(problem)}; }

template <class T>
std::optional<std::vector<T>> list(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::nullopt : read_value<std::vector<T>>(*found);
}

// Where each token of the reply ends in the text, in bytes; nothing where that cannot be known.
class TokenEnds {
 public:
  TokenEnds(const Json& logprobs, std::string_view text) : text_(text) {
    if (const auto tokens = list<std::string>(logprobs, "tokens")) from_tokens(*tokens);
    if (ends_.empty())
      if (const auto offsets = list<std::int64_t>(logprobs, "text_offset")) from_offsets(*offsets);
  }
  const std::vector<std::int64_t>& list_of_ends() const { return ends_; }

 private:
  // The text is in what the tokens make; in front of it there may be a begin token that is not part of it.
  void from_tokens(const std::vector<std::string>& tokens) {
    std::string joined;
    for (const std::string& token : tokens) joined += token;
    const std::size_t at = joined.find(text_);
    if (at == std::string::npos) return;
    std::int64_t end = -static_cast<std::int64_t>(at);
    for (const std::string& token : tokens) ends_.push_back(end += std::ssize(token));
  }

  // Characters from the beginning of the text: tokens that are parts of a character spell nothing.
  void from_offsets(const std::vector<std::int64_t>& offsets) {
    std::vector<std::int64_t> bytes;  // by character
    for (std::size_t at = 0; at < text_.size(); at += code_point_at(text_, at).size)
      bytes.push_back(static_cast<std::int64_t>(at));
    bytes.push_back(std::ssize(text_));
    if (!std::ranges::is_sorted(offsets) || offsets.empty() || offsets.front() != 0) return;
    for (std::size_t i = 1; i < offsets.size(); ++i)
      ends_.push_back(bytes[std::min(static_cast<std::size_t>(offsets[i]), bytes.size() - 1)]);
    ends_.push_back(std::ssize(text_));
  }

  std::string_view text_;
  std::vector<std::int64_t> ends_;
};

EchoedText sum_behind(const Json& values, const std::vector<std::int64_t>& ends, std::int64_t begin,
                      std::int64_t end) {
  double sum = 0;
  std::int64_t last = begin;
  for (std::size_t i = 0; i < values.size() && last < end; ++i) {
    if (ends[i] <= begin) continue;
    const auto value = read_value<double>(values[i]);
    if (!value || !std::isfinite(*value) || *value > kRounding)
      return failed(fmt::format("token {} has the log-probability {}", i, to_line(values[i])));
    sum += *value;
    last = ends[i];
  }
  if (last < end) return failed("the log-probabilities end before the text does");
  EchoedText made;
  made.sum = sum;
  return made;
}

}  // namespace

EchoedText echoed(const endpoint::ChatResult& result, std::string_view text, std::size_t begin) {
  const Json& logprobs = result.logprobs;
  if (!logprobs.is_object() || !logprobs.contains("token_logprobs"))
    return no_echo("the reply holds no token_logprobs");
  const Json& values = logprobs["token_logprobs"];
  const std::size_t count = values.is_array() ? values.size() : 0;
  if (!result.text.starts_with(text)) {
    const bool of_its_own = count <= 1;  // that of the one token that it may write
    return of_its_own ? no_echo("the reply does not begin with the prompt")
                      : failed("the reply echoes another prompt");
  }
  const TokenEnds ends(logprobs, text);
  if (result.usage.reported && static_cast<std::int64_t>(count) < result.usage.prompt)
    return failed(fmt::format("{} log-probabilities for a prompt of {} tokens", count, result.usage.prompt));
  if (count == 0 || ends.list_of_ends().size() < count)
    return failed("tokens and their log-probabilities do not fit the text");
  return sum_behind(values, ends.list_of_ends(), static_cast<std::int64_t>(begin), std::ssize(text));
}

}  // namespace film::answers
