#include "film/sources/files.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/strings.h"
#include "foreign.h"
#include "kinds.h"
#include "standard_input.h"
#include "walk.h"

namespace film::sources {
namespace {

constexpr std::size_t kNamed = 3;  // entries passed over that a message names, for each reason

// "docs" for "x/docs", "x/docs/" and, from inside it, ".".
std::string last_name(const fs::path& path) {
  const fs::path full = fs::absolute(path).lexically_normal();
  return (full.has_filename() ? full : full.parent_path()).filename().string();
}

Error not_read(const std::string& setting, const fs::path& path, const Foreign& foreign) {
  return bad_data(setting + ": " + path.string() + " is " + foreign.name + ", which film does not read",
                  foreign.way_out.empty() ? "name a file of text, JSON Lines or CSV" : foreign.way_out);
}

// A file that is named is taken whatever its ending, but for what is certainly no text.
std::optional<Foreign> foreign_to(const FileFilter& filter, const fs::path& path) {
  if (kind_by_content(path, filter)) return std::nullopt;
  if (std::optional<Foreign> found = foreign_by_content(path, filter)) return found;
  return kind_by_name(path.filename().string(), filter) ? std::nullopt : foreign_by_ending(path);
}

std::string endings_text(const FileFilter& filter) {
  std::vector<std::string> all = filter.text_endings;
  if (!all.empty() && !filter.endings_setting.empty())
    all.back() += " (setting " + filter.endings_setting + ")";
  for (const FileKind kind : filter.kinds) all.push_back("." + name_of(kind));
  return join(all, ", ");
}

void add_file(const fs::path& path, const std::string& name, const FileFilter& filter,
              const std::string& setting, FileList& list) {
  if (const std::optional<Foreign> foreign = foreign_to(filter, path))
    throw not_read(setting, path, *foreign);
  list.files.push_back(describe_file(path, name, kind_of_file(path, filter)));
}

void add_input(const fs::path& input, const FileFilter& filter, const std::string& setting, FileList& list) {
  if (input == "-") return add_file(standard_input(setting), "stdin", filter, setting, list);
  std::error_code error;
  const fs::file_status status = fs::status(input, error);
  if (status.type() == fs::file_type::not_found)
    throw no_input(setting + ": there is no file or folder " + input.string());
  if (error) throw denied(setting + ": cannot read " + input.string() + ": " + error.message());
  if (fs::is_directory(status) && is_film_folder(input))
    throw no_input(setting + ": " + input.string() + " is a folder that film wrote",
                   "name the folder of the texts; with --out inside it, that folder is passed over");
  if (fs::is_directory(status)) return list_folder(input, last_name(input), filter, list);
  if (!fs::is_regular_file(status))
    throw no_input(setting + ": " + input.string() + " is neither a file nor a folder",
                   "write its content to a file first");
  add_file(input, last_name(input), filter, setting, list);
}

// Said, since a reader may wonder what became of them.
void tell_utf16(const FileList& list, const std::string& setting) {
  const auto first = std::ranges::find(list.files, true, &SourceFile::utf16);
  if (first == list.files.end()) return;
  const auto count = std::ranges::count(list.files, true, &SourceFile::utf16);
  info(setting + ": UTF-16 is read as UTF-8 (" + counted(static_cast<std::uint64_t>(count), "file") +
       ", the first is " + first->name + ")");
}

// "to have them read: pdftotext …; pandoc …", for each kind once. Empty where no text is taken, but Python, say.
std::string ways_out(const FileList& list, const FileFilter& filter) {
  if (std::ranges::find(filter.text_endings, ".txt") == filter.text_endings.end()) return {};
  std::vector<std::string> kinds;
  std::string text;
  for (const FileList::Left& left : list.passed_over) {
    if (left.way_out.empty() || std::ranges::find(kinds, left.kind) != kinds.end()) continue;
    kinds.push_back(left.kind);
    text += (text.empty() ? "to have them read: " : "; ") + left.way_out;
  }
  return text;
}

}  // namespace

FileList list_files(const std::vector<fs::path>& inputs, const FileFilter& filter,
                    const std::string& setting) {
  FileList list;
  std::vector<std::string> names;
  for (const fs::path& input : inputs) {
    add_input(input, filter, setting, list);
    names.push_back(input.string());
  }
  const std::string passed_over = passed_over_text(list), ways = ways_out(list, filter);
  if (list.files.empty())
    throw no_input(setting + ": no file to read in " + join(names, ", "),
                   "looked for names that end with " + endings_text(filter) +
                       " (also with .gz, .zst, .xz, .bz2 behind it)" +
                       (passed_over.empty() ? "" : "; " + passed_over) + (ways.empty() ? "" : "\n  " + ways));
  tell_utf16(list, setting);
  if (!ways.empty())
    warn(setting + ": " + passed_over + "\n  " + ways);
  else if (!passed_over.empty())
    info(setting + ": " + passed_over);
  return list;
}

std::string passed_over_text(const FileList& list) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;  // words of a reason, names
  for (const auto& [reason, words] : enum_names(PassedOver{}))
    for (const FileList::Left& left : list.passed_over) {
      if (left.reason != reason) continue;
      const std::string group = left.kind.empty() ? std::string(words) : left.kind;
      auto found = std::ranges::find(groups, group, [](const auto& g) { return g.first; });
      if (found == groups.end()) found = groups.insert(groups.end(), {group, {}});
      found->second.push_back(left.name);
    }
  std::string text;
  for (auto& [group, names] : groups) {
    const std::size_t count = names.size();
    if (count > kNamed) {
      names.resize(kNamed);
      names.emplace_back("…");
    }
    text += (text.empty() ? "" : "; ") + std::to_string(count) + " " + group + ": " + join(names, ", ");
  }
  return text.empty() ? text : std::to_string(list.passed_over.size()) + " passed over (" + text + ")";
}

std::string listing_sha256(const std::vector<SourceFile>& files) {
  std::string text;
  for (const SourceFile& file : files) text += file.name + '\t' + std::to_string(file.bytes) + '\n';
  return sha256(text);
}

}  // namespace film::sources
