#include "film/folders/question_folders.h"

#include <algorithm>
#include <array>

#include "film/base/byte_stream.h"
#include "film/base/content_hash.h"
#include "film/base/error.h"
#include "film/base/manifest.h"
#include "settings_record.h"

namespace film::folders {
namespace {

constexpr const char* kManifest = "manifest.json";

bool finished(const fs::path& folder) { return fs::exists(folder / kManifest); }

bool made_by_qa(const fs::path& folder) {
  return fs::exists(folder / "settings.json") && SettingsRecord::read(folder).command == "qa";
}

// Of a finished one.
bool is_general(const fs::path& folder) {
  return Manifest::read(folder / kManifest).facts().value("kind", "") == "general";
}

// "questions" of questions.csv.gz
std::string name_of_file(const fs::path& file) {
  static constexpr std::array kEndings = {".csv", ".tsv", ".jsonl", ".ndjson", ".json"};
  fs::path name = file.filename();
  const auto ends_with_one = [&](const auto& endings) {
    return std::ranges::find(endings, name.extension().string()) != endings.end();
  };
  while (ends_with_one(kEndings) || ends_with_one(kPackedEndings)) name = name.stem();
  return name.string();
}

// The hash of DATA/manifest.json that the questions were written for; empty: they are not finished.
std::string wanted_data(const fs::path& folder) {
  return finished(folder) ? Manifest::read(folder / kManifest).fact<std::string>("data") : "";
}

}  // namespace

fs::path questions_folder(const fs::path& data) { return data / "questions"; }

fs::path imported_folder(const fs::path& data, const fs::path& file) {
  return data / "imported" / name_of_file(file);
}

fs::path general_folder(const fs::path& data) { return data / "general"; }

fs::path finished_general(const fs::path& folder) {
  const fs::path general = made_by_qa(folder) ? folder : general_folder(folder);
  return finished(general) && is_general(general) ? general : fs::path();
}

std::vector<fs::path> question_folders(const fs::path& folder) {
  std::vector<fs::path> found;
  if (made_by_qa(folder)) {
    found = {folder};
  } else {
    if (const fs::path imported = folder / "imported"; fs::is_directory(imported))
      for (const fs::directory_entry& entry : fs::directory_iterator(imported)) found.push_back(entry.path());
    std::ranges::sort(found);
    found.insert(found.begin(), questions_folder(folder));
  }
  std::erase_if(found,
                [](const fs::path& questions) { return !finished(questions) || is_general(questions); });
  return found;
}

fs::path data_of(const fs::path& folder) {
  if (!made_by_qa(folder)) return folder;
  const std::string wanted = wanted_data(folder);
  const std::string recorded = SettingsRecord::read(folder).text("data");
  const fs::path around = fs::absolute(folder / "").lexically_normal().parent_path().parent_path();
  const auto fits = [&](const fs::path& data) {
    return finished(data) && !made_by_qa(data) &&
           (wanted.empty() || content_hash(data / kManifest) == wanted);
  };
  for (const fs::path& data : {around, around.parent_path()})
    if (fits(data)) return data;
  if (!recorded.empty() && fits(recorded)) return recorded;
  throw no_input(folder.string() + " holds questions about a DATA folder that is no longer at " +
                     (recorded.empty() ? around.string() : recorded) + ", or is another one now",
                 "say where it is: film qa DATA --out " + folder.string() + ", with the same settings");
}

std::map<std::string, std::string> manifest_hashes(const fs::path& folder) {
  std::map<std::string, std::string> hashes;
  std::vector<fs::path> all = question_folders(folder);
  all.push_back(folder);
  if (const fs::path general = finished_general(folder); !general.empty()) all.push_back(general);
  for (const fs::path& each : all)
    if (finished(each)) hashes[(each / kManifest).string()] = content_hash(each / kManifest);
  return hashes;
}

}  // namespace film::folders
