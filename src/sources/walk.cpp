#include "walk.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <set>

#include "film/base/file_descriptor.h"
#include "film/base/json.h"
#include "foreign.h"
#include "kinds.h"

namespace film::sources {
namespace {

struct Folder {
  fs::path path;
  std::string name;
};

// Folders first as they lie, then those behind links, so that a folder bears its own name where it has one.
class Walk {
 public:
  explicit Walk(const FileFilter& filter) : filter_(filter) {}

  FileList operator()(const fs::path& folder, const std::string& name) {
    std::error_code error;
    fs::directory_iterator(folder, error);
    if (error) throw denied("cannot read the folder " + folder.string() + ": " + error.message());
    enter({folder, name});
    while (!linked_.empty()) {
      const Folder next = std::move(linked_.front());
      linked_.pop_front();
      enter(next);
    }
    std::ranges::sort(found_.files, {}, &SourceFile::name);
    std::ranges::sort(found_.passed_over, {}, &FileList::Left::name);
    return std::move(found_);
  }

 private:
  void enter(const Folder& folder) {
    if (is_film_folder(folder.path)) return pass_over(folder.name + "/", PassedOver::film_folder);
    if (!seen_.insert(identity(folder.path)).second)
      return pass_over(folder.name + "/", PassedOver::listed_before);
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (auto entry = fs::directory_iterator(folder.path, error); !error && entry != fs::directory_iterator();
         entry.increment(error))
      entries.push_back(*entry);
    if (error) return pass_over(folder.name + "/", PassedOver::unreadable);
    std::ranges::sort(entries);
    for (const fs::directory_entry& entry : entries)
      take(entry, folder.name + "/" + entry.path().filename().string());
  }

  void take(const fs::directory_entry& entry, const std::string& name) {
    std::error_code error;
    const fs::file_status status = entry.status(error);
    const bool is_folder = fs::is_directory(status);
    if (entry.path().filename().string().starts_with('.'))
      return pass_over(is_folder ? name + "/" : name, PassedOver::hidden);
    if (is_folder) return take_folder(entry, {entry.path(), name});
    if (!fs::is_regular_file(status)) return pass_over(name, reason_for(entry, status));
    const bool named = kind_by_name(name, filter_).has_value();
    const bool readable = ::access(entry.path().c_str(), R_OK) == 0;
    // A file of the corpus that is there but shut is the user's to open or to leave out, not ours to drop.
    if (named && !readable) throw read_failure(entry.path(), errno);
    const bool wanted = named || (readable && kind_by_content(entry.path(), filter_));
    std::optional<Foreign> foreign = readable && !kind_by_content(entry.path(), filter_)
                                         ? foreign_by_content(entry.path(), filter_)
                                         : std::nullopt;
    if (!wanted && !foreign) foreign = foreign_by_ending(entry.path());
    if (foreign)
      return found_.passed_over.push_back({name, PassedOver::foreign, foreign->name, foreign->way_out});
    if (!wanted) return pass_over(name, PassedOver::other_ending);
    found_.files.push_back(describe_file(entry.path(), name, kind_of_file(entry.path(), filter_)));
  }

  void take_folder(const fs::directory_entry& entry, Folder folder) {
    if (entry.is_symlink())
      linked_.push_back(std::move(folder));
    else
      enter(folder);
  }

  static PassedOver reason_for(const fs::directory_entry& entry, const fs::file_status& status) {
    if (status.type() == fs::file_type::not_found && entry.is_symlink()) return PassedOver::broken_link;
    const bool is_file = status.type() != fs::file_type::none && status.type() != fs::file_type::not_found;
    return is_file ? PassedOver::not_a_file : PassedOver::unreadable;
  }

  void pass_over(std::string name, PassedOver reason) {
    found_.passed_over.push_back({std::move(name), reason, "", ""});
  }

  using Identity = std::pair<dev_t, ino_t>;
  static Identity identity(const fs::path& folder) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) return {0, 0};
    return {status.st_dev, status.st_ino};
  }

  const FileFilter& filter_;
  FileList found_;
  std::deque<Folder> linked_;
  std::set<Identity> seen_;
};

}  // namespace

bool is_film_folder(const fs::path& folder) {
  const fs::path file = folder / "settings.json";
  std::error_code error;
  if (!fs::is_regular_file(file, error) || ::access(file.c_str(), R_OK) != 0) return false;
  const std::optional<Json> record = try_parse_json(read_file(file));
  return record && record->is_object() && record->contains("film") && record->contains("result_settings");
}

SourceFile describe_file(const fs::path& path, const std::string& name, FileKind kind) {
  std::array<char, 16> head{};
  const std::size_t read = read_some(open_for_reading(path), head, path);
  const std::string_view begin(head.data(), read);
  const bool utf16 = begin.starts_with("\xFF\xFE") || begin.starts_with("\xFE\xFF");
  return {path, name, kind, compression_of(begin), utf16, fs::file_size(path)};
}

void list_folder(const fs::path& folder, const std::string& name, const FileFilter& filter, FileList& list) {
  FileList found = Walk(filter)(folder, name);
  std::ranges::move(found.files, std::back_inserter(list.files));
  std::ranges::move(found.passed_over, std::back_inserter(list.passed_over));
}

}  // namespace film::sources
