#include "film/corpus/planter.h"

#include <vector>

#include "film/base/fill_template.h"
#include "film/base/random.h"

namespace film::corpus {
namespace {

bool ends_sentence(char c) { return c == '.' || c == '!' || c == '?'; }

// Where a sentence may go: (place in the text, whether it becomes a line of its own).
struct Place {
  std::size_t at = 0;
  bool own_line = false;
};

std::vector<Place> places(std::string_view text) {
  std::vector<Place> found = {{0, true}};
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i - 1] == '\n') found.push_back({i, true});
    const bool inside =
        i >= 2 && text[i - 1] == ' ' && ends_sentence(text[i - 2]) && text[i] != ' ' && text[i] != '\n';
    if (inside) found.push_back({i, false});
  }
  found.push_back({text.size(), true});
  return found;
}

std::string insert(std::string_view text, Place place, const std::string& sentence) {
  std::string result(text.substr(0, place.at));
  if (place.at == text.size())
    result += (text.empty() ? "" : "\n") + sentence;
  else
    result += sentence + (place.own_line ? '\n' : ' ');
  return result.append(text.substr(place.at));
}

}  // namespace

Planter::Planter(const RecordSettings& settings, std::uint64_t seed) : settings_(settings), seed_(seed) {}

std::optional<Planting> Planter::plant(std::string_view text, std::uint64_t document_key,
                                       std::uint64_t segment) const {
  if (!settings_.on()) return std::nullopt;
  Random random(seed_ ^ document_key, "records", segment);
  if (random.uniform() >= settings_.share) return std::nullopt;
  Planting planting;
  planting.attribute = static_cast<std::uint16_t>(random.below(settings_.attributes.size()));
  const RecordAttribute& attribute = settings_.attributes[planting.attribute];
  const std::string& value = attribute.values[random.below(attribute.values.size())];
  std::string sentence = fill_template(settings_.sentence, "attribute", attribute.name);
  sentence = fill_template(std::move(sentence), "value", value);
  const std::vector<Place> where = places(text);
  planting.text = insert(text, where[random.below(where.size())], sentence);
  planting.record = {attribute.name, value, std::move(sentence)};
  return planting;
}

}  // namespace film::corpus
