#pragma once
// How a server counts tokens, in terms of our own count: learned from two short prompts before the first question.
#include <cstdint>
#include <optional>
#include <string>

#include "film/endpoint/chat.h"

namespace film::answers {

// What the server counts for a prompt whose context has n of our tokens: around + each * n.
class ServerTokens {
 public:
  ServerTokens() = default;  // nothing is known
  // Of two prompts that differ in the length of their contexts alone. Nothing is known where the server does not count, or
  // counts nonsense.
  ServerTokens(std::int64_t short_context, const endpoint::Usage& of_short, std::int64_t long_context,
               const endpoint::Usage& of_long);

  bool known() const { return each_ > 0; }
  double expected(std::int64_t context) const { return around_ + each_ * static_cast<double>(context); }

  // Whether the server has read less than it was sent. `context`: tokens as we count them; `bytes`: of the whole prompt.
  bool is_cut(const endpoint::Usage& usage, std::int64_t context, std::size_t bytes) const;
  // Whether prompt and answer are certainly longer than `limit`.
  bool is_over(std::int64_t limit, std::int64_t context, std::size_t bytes, int answer) const;

 private:
  double least(std::int64_t context) const;  // that the server may count for a whole prompt
  double around_ = 0, each_ = 0;
};

// Tokens that the server adds around a raw prompt, by its counts of a text and of that text twice. Nothing where it does
// not count.
std::optional<std::int64_t> added_around(const endpoint::Usage& once, const endpoint::Usage& twice);

}  // namespace film::answers
