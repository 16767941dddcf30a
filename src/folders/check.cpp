#include "film/folders/check.h"

#include <algorithm>

#include "checks.h"
#include "film/base/content_hash.h"
#include "film/base/error.h"
#include "film/base/format.h"
#include "film/folders/question_folders.h"
#include "settings_record.h"

namespace film::folders {
namespace {

FolderCheck check_one(const fs::path& folder, FolderKind kind) {
  FolderCheck check{folder, kind};
  const bool has_manifest = fs::exists(folder / "manifest.json");
  if (kind != FolderKind::model && !has_manifest) {
    check.faults.push_back(folder.string() + " is not finished (no manifest.json): film status " +
                           folder.string() + " says how to resume");
    return check;
  }
  attempt(check, [&] {
    switch (kind) {
      case FolderKind::synth:
        return check_data(check);
      case FolderKind::qa:
        return check_questions(check);
      case FolderKind::train:
        return check_run(check);
      case FolderKind::eval:
        return check_evaluation(check);
      case FolderKind::report:
        return check_report(check);
      case FolderKind::exported:
        return check_export(check);
      case FolderKind::benchmark:
        return check_benchmark(check);
      case FolderKind::model:
        return check_model(check);
    }
  });
  return check;
}

// Folders with questions about DATA, finished or not.
std::vector<fs::path> questions_in(const fs::path& data) {
  std::vector<fs::path> found;
  if (const fs::path imported = data / "imported"; fs::is_directory(imported))
    for (const auto& entry : fs::directory_iterator(imported)) found.push_back(entry.path());
  std::ranges::sort(found);
  found.insert(found.begin(), questions_folder(data));
  found.push_back(general_folder(data));
  std::erase_if(found, [](const fs::path& folder) { return !fs::exists(folder / "settings.json"); });
  return found;
}

std::vector<fs::path> checkpoints_in(const fs::path& run) {
  std::vector<fs::path> found;
  if (!fs::is_directory(run / "checkpoints")) return found;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints"))
    if (!entry.path().filename().string().starts_with(".part-")) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

}  // namespace

bool attempt(FolderCheck& check, const std::function<void()>& part) {
  try {
    part();
    return true;
  } catch (const Error& error) {
    const bool of_the_folder = error.code() == ExitCode::bad_data || error.code() == ExitCode::no_input ||
                               error.code() == ExitCode::config;
    if (!of_the_folder) throw;
    check.faults.emplace_back(error.what());
    return false;
  }
}

bool check_files(FolderCheck& check, const Manifest& manifest) {
  const std::size_t before = check.faults.size();
  for (const ManifestFile& file : manifest.files()) {
    ++check.files;
    check.bytes += file.bytes;
    if (const std::string wrong = manifest.damage(file, /*hashes=*/true); !wrong.empty())
      check.faults.push_back(wrong);
  }
  return check.faults.size() == before;
}

void check_count(FolderCheck& check, const std::string& what, std::uint64_t said, std::uint64_t found) {
  if (said != found)
    check.faults.push_back(check.folder.string() + " holds " + grouped(found) + " " + what +
                           ", its records say " + grouped(said));
}

void check_input(FolderCheck& check, const std::string& what, const fs::path& file,
                 const std::string& sha256) {
  if (!fs::exists(file)) {
    check.notes.push_back(what + " is not at " + file.string() +
                          (file.is_relative() ? ", seen from this folder" : " any more") + ": not compared");
    return;
  }
  if (const std::string found = content_hash(file); found != sha256)
    check.faults.push_back(what + " is another one than " + check.folder.string() +
                           " was made from: the SHA-256 of " + file.string() + " is " + found + ", it was " +
                           sha256);
}

void check_recorded_inputs(FolderCheck& check) {
  const SettingsRecord record = SettingsRecord::read(check.folder);
  for (const auto& [file, sha256] : record.input_manifests()) check_input(check, "an input", file, sha256);
  const std::string tokenizer = record.text("tokenizer"), known = record.input("tokenizer");
  if (!tokenizer.empty() && !known.empty()) check_input(check, "the tokenizer", tokenizer, known);
}

std::vector<FolderCheck> check_folder(const fs::path& folder) {
  const FolderKind kind = kind_of_folder(folder);
  std::vector<FolderCheck> checks = {check_one(folder, kind)};
  if (kind == FolderKind::synth)
    for (const fs::path& questions : questions_in(folder))
      checks.push_back(check_one(questions, FolderKind::qa));
  if (kind == FolderKind::train)
    for (const fs::path& checkpoint : checkpoints_in(folder))
      checks.push_back(check_one(checkpoint, FolderKind::model));
  return checks;
}

}  // namespace film::folders
