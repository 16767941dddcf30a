#include "distinct_names.h"

#include <algorithm>
#include <filesystem>

namespace film::cli {
namespace {

// The parts of an absolute path, without "." and a slash at its end.
std::vector<std::string> parts_of(const std::string& folder) {
  std::vector<std::string> parts;
  for (const auto& part : std::filesystem::absolute(folder).lexically_normal())
    if (!part.empty() && part != "/") parts.push_back(part.string());
  return parts;
}

std::string last_parts(const std::vector<std::string>& parts, std::size_t count) {
  std::string name;
  for (std::size_t i = parts.size() - std::min(count, parts.size()); i < parts.size(); ++i)
    name += (name.empty() ? "" : "/") + parts[i];
  return name;
}

}  // namespace

std::vector<std::string> distinct_names(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> all;
  for (const std::string& folder : folders) all.push_back(parts_of(folder));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto shared = [&](std::size_t count) {
      return std::ranges::any_of(all, [&](const auto& other) {
        return other != all[i] && last_parts(other, count) == last_parts(all[i], count);
      });
    };
    std::size_t count = 1;
    while (count < all[i].size() && shared(count)) ++count;
    const auto before = std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), all[i]);
    names.push_back(last_parts(all[i], count) + (before == 0 ? "" : " " + std::to_string(before + 1)));
  }
  return names;
}

}  // namespace film::cli
