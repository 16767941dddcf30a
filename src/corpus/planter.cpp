#include "planter.h"

#include <algorithm>
#include <vector>

#include "film/base/fill_template.h"
#include "film/base/random.h"
#include "film/base/sentences.h"

namespace film::corpus {
namespace {

// Where the needle's sentence may go, and what parts it from the text behind it.
struct InsertionPoint {
  std::size_t at = 0;
  std::string_view separator;
};

// In scripts with blanks: behind an end mark and one blank. In others sentences follow each other without one.
bool between_sentences(std::string_view text, std::size_t start) {
  if (text[start - 1] != ' ') return text[start - 1] != '\n' && !is_ascii_space(text[start - 1]);
  return start >= 2 && std::string_view(".!?").find(text[start - 2]) != std::string_view::npos;
}

std::vector<InsertionPoint> insertion_points(std::string_view text) {
  std::vector<InsertionPoint> points = {{0, "\n"}};
  const std::vector<std::size_t> starts =
      sentence_starts(text, {.closing = "", .lower_case_continues = false});
  auto start = starts.begin();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i - 1] == '\n') points.push_back({i, "\n"});
    while (start != starts.end() && *start < i) ++start;
    if (start != starts.end() && *start == i && between_sentences(text, i))
      points.push_back({i, text[i - 1] == ' ' ? " " : ""});
  }
  points.push_back({text.size(), "\n"});
  return points;
}

std::string insert(std::string_view text, const InsertionPoint& point, const std::string& sentence) {
  std::string result(text.substr(0, point.at));
  if (point.at == text.size())
    result.append(text.empty() ? "" : "\n").append(sentence);
  else
    result.append(sentence).append(point.separator);
  return result.append(text.substr(point.at));
}

// `count` different values, a blank between.
std::string draw_value(const std::vector<std::string>& values, std::uint32_t count, Random& random) {
  std::vector<std::uint64_t> drawn;
  std::string text;
  while (drawn.size() < count) {
    const std::uint64_t i = random.below(values.size());
    if (std::ranges::find(drawn, i) != drawn.end()) continue;
    drawn.push_back(i);
    text += (text.empty() ? "" : " ") + values[i];
  }
  return text;
}

}  // namespace

Planter::Planter(const NeedleSettings& settings, std::uint64_t seed) : settings_(settings), seed_(seed) {}

std::optional<Planting> Planter::plant(std::string_view text, std::uint64_t document_key,
                                       std::uint64_t segment) const {
  if (!settings_.on()) return std::nullopt;
  Random random(seed_ ^ document_key, "records", segment);
  if (random.uniform() >= settings_.fraction) return std::nullopt;
  Planting planting;
  planting.attribute = static_cast<std::uint16_t>(random.below(settings_.attributes.size()));
  const NeedleAttribute& attribute = settings_.attributes[planting.attribute];
  const std::string value = draw_value(attribute.values, settings_.values_per_needle, random);
  std::string sentence =
      fill_template(settings_.sentence, {{"{attribute}", attribute.name}, {"{value}", value}});
  const std::vector<InsertionPoint> points = insertion_points(text);
  planting.text = insert(text, points[random.below(points.size())], sentence);
  planting.needle = {attribute.name, value, std::move(sentence)};
  return planting;
}

}  // namespace film::corpus
