#include "film/corpus/files.h"

#include <algorithm>
#include <array>

#include "film/base/error.h"

namespace film::corpus {
namespace {

bool ends_with_any(const std::string& name, const std::vector<std::string>& endings) {
  return std::ranges::any_of(endings, [&](const std::string& ending) { return name.ends_with(ending); });
}

bool is_compressed(const std::string& name) { return name.ends_with(".gz") || name.ends_with(".zst"); }

bool is_jsonl(const std::string& name) {
  static const std::vector<std::string> endings = {".jsonl",   ".json",      ".ndjson",  ".jsonl.gz",
                                                   ".json.gz", ".jsonl.zst", ".json.zst"};
  return ends_with_any(name, endings);
}

CorpusFile describe_file(const fs::path& path, const std::string& name, const CorpusSettings& settings) {
  CorpusFile file;
  file.path = path;
  file.name = name;
  file.bytes = fs::file_size(path);
  file.jsonl = !ends_with_any(name, settings.extensions);
  file.compressed = is_compressed(name);
  return file;
}

// "docs" for "x/docs", "x/docs/" and, from inside it, ".".
std::string last_name(const fs::path& path) {
  const fs::path full = fs::absolute(path).lexically_normal();
  return (full.has_filename() ? full : full.parent_path()).filename().string();
}

void list_folder(const fs::path& folder, const CorpusSettings& settings, std::vector<CorpusFile>& files) {
  std::vector<CorpusFile> found;
  const std::string base = last_name(folder);
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(folder, options);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.')) {
      if (entry->is_directory()) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || !(is_jsonl(name) || ends_with_any(name, settings.extensions))) continue;
    const std::string relative = entry->path().lexically_relative(folder).generic_string();
    found.push_back(describe_file(entry->path(), base + "/" + relative, settings));
  }
  std::ranges::sort(found, {}, &CorpusFile::name);
  files.insert(files.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
}

}  // namespace

std::vector<CorpusFile> list_corpus_files(const CorpusSettings& settings) {
  std::vector<CorpusFile> files;
  for (const std::string& input : settings.inputs.paths) {
    std::error_code error;
    const fs::file_status status = fs::status(input, error);
    if (status.type() == fs::file_type::not_found)
      throw no_input("inputs: there is no file or folder " + input);
    if (error) throw denied("inputs: cannot read " + input + ": " + error.message());
    if (fs::is_directory(status))
      list_folder(input, settings, files);
    else
      files.push_back(describe_file(input, last_name(input), settings));
  }
  if (files.empty())
    throw no_input("inputs: no corpus file in " + to_line(Json(settings.inputs)),
                   "looked for .jsonl, .json (also .gz, .zst) and the names in `extensions`: " +
                       to_line(Json(settings.extensions)));
  return files;
}

std::string listing_sha256(const std::vector<CorpusFile>& files) {
  std::string text;
  for (const CorpusFile& file : files) text += file.name + '\t' + std::to_string(file.bytes) + '\n';
  return sha256(text);
}

bool is_lfs_pointer(std::string_view head) {
  return head.starts_with("version https://git-lfs.github.com/spec/");
}

Error lfs_pointer_error(const std::string& name) {
  return bad_data(name + " is a git-lfs pointer, not the file itself",
                  "fetch it with `git lfs pull`, then run the same command again");
}

}  // namespace film::corpus
