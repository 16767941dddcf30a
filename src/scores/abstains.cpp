#include "abstains.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "film/base/strings.h"

namespace film::scores {
namespace {

constexpr std::array<std::string_view, 31> kWays = {"unanswerable",
                                                    "cannot be answered",
                                                    "can't be answered",
                                                    "can not be answered",
                                                    "cannot answer",
                                                    "not mentioned",
                                                    "not mention",
                                                    "not stated",
                                                    "not state",
                                                    "not say",
                                                    "not said",
                                                    "not given",
                                                    "not specified",
                                                    "not specify",
                                                    "not provided",
                                                    "not provide",
                                                    "no information",
                                                    "no mention",
                                                    "not enough information",
                                                    "not contain",
                                                    "not in the text",
                                                    "not in the context",
                                                    "not tell",
                                                    "not know",
                                                    "n't know",
                                                    "unknown",
                                                    "not be determined",
                                                    "\u6ca1\u6709\u63d0",
                                                    "\u672a\u63d0",
                                                    "\u65e0\u6cd5\u56de\u7b54",
                                                    "\u4e0d\u77e5\u9053"};

}  // namespace

double abstains(const std::string& output, const std::vector<std::string>&) {
  const std::string said = on_one_line(to_lower(output));
  return std::ranges::any_of(kWays,
                             [&](std::string_view way) { return said.find(way) != std::string::npos; });
}

}  // namespace film::scores
