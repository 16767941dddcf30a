#include "film/sources/files.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/strings.h"
#include "kinds.h"
#include "walk.h"

namespace film::sources {
namespace {

constexpr std::size_t kNamed = 3;  // entries passed over that a message names, for each reason

// "docs" for "x/docs", "x/docs/" and, from inside it, ".".
std::string last_name(const fs::path& path) {
  const fs::path full = fs::absolute(path).lexically_normal();
  return (full.has_filename() ? full : full.parent_path()).filename().string();
}

std::string endings_text(const FileFilter& filter) {
  std::vector<std::string> all = filter.text_endings;
  if (!all.empty() && !filter.endings_setting.empty())
    all.back() += " (setting " + filter.endings_setting + ")";
  for (const FileKind kind : filter.row_kinds) all.push_back("." + name_of(kind));
  return join(all, ", ");
}

void add_input(const fs::path& input, const FileFilter& filter, const std::string& setting, FileList& list) {
  std::error_code error;
  const fs::file_status status = fs::status(input, error);
  if (status.type() == fs::file_type::not_found)
    throw no_input(setting + ": there is no file or folder " + input.string());
  if (error) throw denied(setting + ": cannot read " + input.string() + ": " + error.message());
  if (fs::is_directory(status)) return list_folder(input, last_name(input), filter, list);
  if (!fs::is_regular_file(status))
    throw no_input(setting + ": " + input.string() + " is neither a file nor a folder",
                   "write its content to a file first");
  list.files.push_back(describe_file(input, last_name(input), kind_of_file(input, filter)));
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
  const std::string passed_over = passed_over_text(list);
  if (list.files.empty())
    throw no_input(setting + ": no file to read in " + join(names, ", "),
                   "looked for names that end with " + endings_text(filter) +
                       " (also with .gz, .zst behind it)" + (passed_over.empty() ? "" : "; " + passed_over));
  if (!passed_over.empty()) info(setting + ": " + passed_over);
  return list;
}

std::string passed_over_text(const FileList& list) {
  std::string text;
  for (const auto& [reason, words] : enum_names(PassedOver{})) {
    std::vector<std::string> names;
    for (const FileList::Left& left : list.passed_over)
      if (left.reason == reason) names.push_back(left.name);
    if (names.empty()) continue;
    const std::size_t count = names.size();
    if (count > kNamed) {
      names.resize(kNamed);
      names.emplace_back("…");
    }
    text += (text.empty() ? "" : "; ") + std::to_string(count) + " " + std::string(words) + ": " +
            join(names, ", ");
  }
  if (text.empty()) return text;
  return std::to_string(list.passed_over.size()) + " passed over (" + text + ")";
}

std::string listing_sha256(const std::vector<SourceFile>& files) {
  std::string text;
  for (const SourceFile& file : files) text += file.name + '\t' + std::to_string(file.bytes) + '\n';
  return sha256(text);
}

}  // namespace film::sources
