#include "film/base/suggest.h"

#include <algorithm>

namespace film {

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

bool is_near(const std::string& name, std::size_t edits) { return 3 * edits <= name.size(); }

std::string nearest(const std::string& name, const std::vector<std::string>& known) {
  const auto best = std::ranges::min_element(
      known, {}, [&](const std::string& candidate) { return edit_distance(name, candidate); });
  return best == known.end() || !is_near(name, edit_distance(name, *best)) ? std::string() : *best;
}

std::string did_you_mean(const std::string& nearest) {
  return nearest.empty() ? "" : "did you mean \"" + nearest + "\"?";
}

}  // namespace film
