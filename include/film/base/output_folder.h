#pragma once
// The folder a command writes: locked, with the resolved settings inside, finished by a manifest written last.
// Resume = run the same command again. A difference in a setting that changes the result is exit 78.
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/base/manifest.h"
#include "film/base/settings.h"

namespace film {

// What settings.json and a report say about the program that wrote them.
struct ProgramInfo {
  Json build = Json::object();            // of `film --version`
  std::vector<std::string> command_line;  // argv
};

// The folder that a command wants; `fields` are the settings it runs with.
struct OutputRequest {
  fs::path path;
  std::string command;  // "synth"
  const Fields& fields;
  ProgramInfo program = {};
  // Beginnings of paths in the folder that bind nobody to their settings: what holds under any (a journal of answers) or
  // is made anew by every run that is not finished.
  std::vector<std::string> unbound = {};
  // Result files that are quick to make again: made with other settings or inputs, they are removed instead of
  // refused. Empty: nothing is removed.
  std::vector<fs::path> replaceable = {};
};

// "\n  seed: 1 there, 2 now" of every key of result settings that differs; empty: none does.
std::string settings_differences(const Json& there, const Json& now);

class OutputFolder {
 public:
  // Creates and locks the folder. If it holds results of an earlier run, compares the
  // settings and throws config_error naming the keys that differ; else writes
  // settings.json: {"film","verb","command","settings","sources", "result_settings"}.
  explicit OutputFolder(const OutputRequest& request);

  const fs::path& path() const { return path_; }

  // What the result depends on besides the settings, such as hashes of input files: recorded in a folder without
  // results, else compared like the settings. Call it before the first result is written; whoever does not want to
  // hash large inputs of a finished folder asks finished() first.
  void bind_inputs(const Json& inputs);

  // Of a folder with results: throws config_error naming those of some inputs that are not the recorded ones. Null: there is
  // no such input.
  void require_inputs(const Json& some) const;

  // Where an input is now, by the key of its setting: readers of the folder find it by settings.json.
  void note_place(const std::string& key, const fs::path& place);

  // True when manifest.json is there and every file in it has the size it says: nothing is left to do. Throws bad_data
  // for a manifest that cannot be read.
  bool finished() const;
  Json manifest() const;  // of a finished folder

  // Removes a finished folder's manifest, so that results may be changed.
  void reopen() const;

  // Writes manifest.json: each result file (relative to the folder) with bytes and sha256, then `facts`.
  void finish(const std::vector<fs::path>& files, const Json& facts);
  // The same with files whose sizes and hashes are known already: large files are not read again.
  void finish_known(const std::vector<ManifestFile>& files, const Json& facts);

 private:
  bool holds_no_result() const;
  // Removes the replaceable files; throws config_error naming what `changed` if there are none.
  void replace_results(const std::string& changed) const;

  fs::path path_;
  std::vector<std::string> unbound_;
  FolderLock lock_;
  std::vector<fs::path> replaceable_;
};

}  // namespace film
