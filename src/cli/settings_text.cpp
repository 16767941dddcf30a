#include "settings_text.h"

#include <fmt/format.h>

#include "film/base/strings.h"
#include "film/base/terminal.h"
#include "page.h"
#include "setting_options.h"

namespace film::cli {
namespace {

std::string meaning(const Field& field) {
  std::string text = field.help;
  if (!field.choices.empty()) text += " (" + join(field.choices, ", ") + ")";
  if (!field.unit.empty()) text += " [" + field.unit + "]";
  return text;
}

// Every setting, those of the elements of lists behind their list.
std::vector<ShownSetting> all_of(const Fields& fields, const std::string& command) {
  std::vector<ShownSetting> all;
  for (const Field& field : fields.all()) {
    all.push_back({command, field.key, meaning(field), option_of(command, field.key),
                   fields.sources().at(field.key), field.get()});
    if (!field.members) continue;
    for (const Field& member : field.members())
      all.push_back({command, field.key + ".N." + member.key, meaning(member),
                     option_of(command, field.key + ".*." + member.key), "", member.get()});
  }
  return all;
}

bool is_member(const ShownSetting& setting) { return setting.source.empty(); }

// "stages.0.batch" and "stages.N.batch" are the same.
std::string any_element(const std::string& key) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(key, ".")) {
    const bool number = !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    parts.emplace_back(number ? "N" : part);
  }
  return join(parts, ".");
}

}  // namespace

std::vector<ShownSetting> settings_below(const Fields& fields, const std::string& command,
                                         const std::string& key) {
  const std::string wanted = any_element(key);
  std::vector<ShownSetting> shown;
  for (ShownSetting& setting : all_of(fields, command)) {
    const bool below = key.empty() || setting.key == wanted || setting.key.starts_with(wanted + ".");
    if (below && (!key.empty() || !is_member(setting))) shown.push_back(std::move(setting));
  }
  return shown;
}

std::vector<ShownSetting> settings_about(const Fields& fields, const std::string& command,
                                         const std::string& word) {
  const std::string wanted = to_lower(word);
  std::vector<ShownSetting> found;
  for (ShownSetting& setting : all_of(fields, command))
    if (to_lower(setting.key + " " + setting.help + " " + setting.option).find(wanted) != std::string::npos)
      found.push_back(std::move(setting));
  return found;
}

std::string settings_text(const std::vector<ShownSetting>& settings) {
  constexpr int kColumns = 80;
  std::string text, command = settings.empty() ? "" : settings.front().command;
  bool several = false;
  for (const ShownSetting& setting : settings) several = several || setting.command != command;
  for (const ShownSetting& s : settings) {
    const std::string option = s.option.empty() ? "" : ", option " + s.option;
    const std::string origin = is_member(s) ? "of each element" : s.source;
    text += fmt::format("{}{} = {}\n    {}\n", several ? s.command + ": " : "", s.key, to_line(s.value),
                        wrapped(s.help + "  (" + origin + option + ")", kColumns, 4, 4));
  }
  return text;
}

Json settings_json(const std::vector<ShownSetting>& settings) {
  Json list = Json::array();
  for (const ShownSetting& s : settings)
    list.push_back({{"command", s.command},
                    {"key", s.key},
                    {"value", s.value},
                    {"help", s.help},
                    {"option", s.option},
                    {"source", s.source}});
  return list;
}

std::string settings_with_comments(const Fields& fields) {
  std::string text = "{\n";
  const auto& all = fields.all();
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += "  // " + meaning(all[i]) + "\n";
    if (all[i].members)
      for (const Field& member : all[i].members())
        text += "  //   " + member.key + ": " + meaning(member) + "\n";
    text +=
        "  " + to_line(Json(all[i].key)) + ": " + to_line(all[i].get()) + (i + 1 < all.size() ? ",\n" : "\n");
  }
  return text + "}\n";
}

}  // namespace film::cli
