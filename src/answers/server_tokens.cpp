#include "server_tokens.h"

namespace film::answers {
namespace {

// A prompt of so many tokens is long enough to compare the server's count of it with ours. Vocabularies differ: one may
// need half of another's tokens, but none packs eight bytes into each.
constexpr std::int64_t kComparable = 256, kLeastShare = 2, kMostBytes = 8;
// How far a count may be from what two others of the same text foretell: with our own vocabulary, and with another.
constexpr double kSame = 0.03, kNear = 0.02, kFar = 0.1;

}  // namespace

ServerTokens::ServerTokens(std::int64_t short_context, const endpoint::Usage& of_short,
                           std::int64_t long_context, const endpoint::Usage& of_long) {
  if (!of_short.reported || !of_long.reported || long_context <= short_context) return;
  const double each = static_cast<double>(of_long.prompt - of_short.prompt) /
                      static_cast<double>(long_context - short_context);
  if (each < 1.0 / kMostBytes || each > kMostBytes) return;
  each_ = each;
  around_ = static_cast<double>(of_short.prompt) - each * static_cast<double>(short_context);
}

double ServerTokens::least(std::int64_t context) const {
  const bool same = each_ > 1 - kSame && each_ < 1 + kSame;
  return (1 - (same ? kNear : kFar)) * expected(context);
}

bool ServerTokens::is_cut(const endpoint::Usage& usage, std::int64_t context, std::size_t bytes) const {
  if (!usage.reported || usage.prompt <= 0 || context < kComparable) return false;
  if (known()) return static_cast<double>(usage.prompt) < least(context);
  return kLeastShare * usage.prompt < context && kMostBytes * usage.prompt < static_cast<std::int64_t>(bytes);
}

bool ServerTokens::is_over(std::int64_t limit, std::int64_t context, std::size_t bytes, int answer) const {
  const bool counted = known() && context >= kComparable;
  const double prompt =
      counted ? least(context) : static_cast<double>(bytes) / static_cast<double>(kMostBytes);
  return prompt + answer > static_cast<double>(limit);
}

std::optional<std::int64_t> added_around(const endpoint::Usage& once, const endpoint::Usage& twice) {
  if (!once.reported || !twice.reported || once.prompt <= 0) return {};
  return 2 * once.prompt - twice.prompt;
}

}  // namespace film::answers
