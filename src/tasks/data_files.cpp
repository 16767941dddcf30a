#include "data_files.h"

#include <algorithm>

#include "film/base/as_number.h"
#include "film/base/error.h"

namespace film::tasks {
namespace {

// What a file may be called: hubs publish rows as Parquet, which is read as the JSON Lines that it would be.
std::vector<std::string> names_of(const std::string& file) {
  constexpr std::string_view kLines = ".jsonl";
  if (!file.ends_with(kLines)) return {file};
  return {file, file.substr(0, file.size() - kLines.size()) + ".parquet"};
}

std::optional<fs::path> data_in(const fs::path& folder, const std::string& file) {
  for (const std::string& name : names_of(file))
    if (fs::exists(folder / name)) return (folder / name).lexically_normal();  // `name` itself if absolute
  return {};
}

// In the folder that the user named; empty: there is none.
std::optional<fs::path> data_named(const std::string& folder, const std::string& file) {
  return folder.empty() ? std::nullopt : data_in(folder, file);
}

std::optional<fs::path> data_at_hand(const TaskSpec& spec, const std::string& file,
                                     const std::string& folder) {
  const auto given = data_named(folder, file);
  return given ? given : data_in(spec.path.parent_path(), file);
}

// "8192" -> 8192; 0 for other names.
std::uint32_t length_of(const fs::path& folder) {
  return as_number<std::uint32_t>(folder.filename().string()).value_or(0);
}

std::vector<DataFile> by_length(const std::string& file, const std::string& folder) {
  std::vector<DataFile> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (const auto found = data_in(entry.path(), file); found && length_of(entry.path()) > 0)
      files.push_back({*found, length_of(entry.path())});
  std::ranges::sort(files, {}, &DataFile::length);
  return files;
}

}  // namespace

fs::path data_file(const TaskSpec& spec, const std::string& file, const std::string& folder) {
  if (const auto found = data_at_hand(spec, file, folder)) return *found;
  throw no_input("task " + spec.name + ": there is no file " +
                     (spec.path.parent_path() / file).lexically_normal().string() +
                     (folder.empty() ? "" : ", nor " + (fs::path(folder) / file).string()),
                 "put the file there, or name its folder: --set task_data=FOLDER");
}

std::vector<DataFile> data_files(const TaskSpec& spec, const std::string& folder) {
  const bool has_lengths = spec.lengths != LengthRule::none;
  if (has_lengths && !data_named(folder, spec.file))
    if (std::vector<DataFile> files = by_length(spec.file, folder); !files.empty()) return files;
  const fs::path file = data_file(spec, spec.file, folder);
  return {{file, has_lengths ? length_of(fs::absolute(file).parent_path()) : 0}};
}

bool reads_data_anyway(const TaskSpec& spec, const std::string& folder) {
  if (!spec.columns.more_answers.empty()) return true;
  if (spec.columns.slot.empty()) return false;
  return data_at_hand(spec, spec.file, folder) ||
         (spec.lengths != LengthRule::none && !by_length(spec.file, folder).empty());
}

}  // namespace film::tasks
