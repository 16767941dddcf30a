#pragma once
// Where the questions about a DATA folder are: one folder for each call of `film qa` that wrote some.
//
//   DATA/questions        by rules or by a model
//   DATA/imported/NAME    by people: film qa DATA --import NAME.csv
//   DATA/general          instruction data that is mixed in: film qa DATA --general FILE; not about contexts
//   anywhere              film qa DATA --out FOLDER; named instead of DATA it is DATA with these questions alone
#include <map>
#include <string>
#include <vector>

#include "film/base/files.h"

namespace film::folders {

// Where film qa writes if it is not told.
fs::path questions_folder(const fs::path& data);
fs::path imported_folder(const fs::path& data, const fs::path& file);

fs::path general_folder(const fs::path& data);

// The finished folder of instruction data that a reader of `folder` sees: that of DATA, or itself; empty: there is none.
fs::path finished_general(const fs::path& folder);

// The finished folders of questions that a reader of `folder` sees: those of DATA in the order above, the imported ones
// by name; of a folder that film qa wrote, itself.
std::vector<fs::path> question_folders(const fs::path& folder);

// The DATA folder that `folder` is, or that the questions in it are about: the one around it, or the one that its
// settings.json names. Throws no_input: it is at neither place.
fs::path data_of(const fs::path& folder);

// SHA-256 of the manifests of `folder` and of the questions in it, by path: what was made from them depends on these.
std::map<std::string, std::string> manifest_hashes(const fs::path& folder);

}  // namespace film::folders
