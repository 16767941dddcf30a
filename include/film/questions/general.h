#pragma once
// `film qa DATA --general FILE`: instruction data of others, mixed with the questions about DATA in an exact ratio.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/output_folder.h"
#include "film/cleaning/settings.h"
#include "film/folders/data_folder.h"
#include "film/records/conversation.h"

namespace film::questions {

// Group "general" of the qa settings.
struct GeneralSettings {
  std::vector<std::string> files;  // JSONL, JSON, CSV and TSV files, and folders of them
  std::uint64_t count = 0;         // conversations to draw; 0: by the ratio
  // So many conversations for so many training questions of DATA (paper section 2.2: 110 + 30 + 15 and 20).
  std::vector<std::uint32_t> ratio = {20, 155};
  cleaning::DecontaminationSettings decontaminate;

  bool on() const { return !files.empty(); }
  void describe(Fields& f);
  void check() const;  // throws config_error
};

// Draws conversations without replacement and writes conversations.jsonl, rejected.jsonl and a manifest into the folder that
// `output` names, or finds it finished. The same for the same files, settings, seed and number of questions. Throws
// config_error, no_input; bad_data where the files hold fewer usable conversations than are wanted.
GeneralFacts write_general(const folders::DataFolder& data, const GeneralSettings& settings,
                           std::uint64_t seed, const OutputRequest& output);

// For people.
std::string general_summary(const GeneralFacts& facts);

}  // namespace film::questions
