#pragma once
// What the document, code and database probes share: a pool of pieces, each with one possible question, dealt into
// contexts of a token length with the questions' slots spread evenly.
#include <string>
#include <vector>

#include "film/sources/files.h"
#include "film/tasks/settings.h"
#include "film/tasks/task.h"

namespace film::tasks {

struct Piece {
  std::string text;    // one or more lines of the context
  std::string quoted;  // by the question; a piece whose quote occurs twice in its context is not asked about
  std::string question;
  std::vector<std::string> answers;
};

// Contexts are filled from random pieces without repetition until the next one would exceed context_tokens, then
// shuffled, so every piece is equally likely in every slot. Each context is asked ceil(items / contexts) questions at
// slots drawn one from each equal share of the context; contexts are added until `items` questions were tried. Those
// whose quote is ambiguous are left out and counted in notes["left_out"]["ambiguous"]. `group` names the settings in
// messages and keys the random numbers. Throws config_error when context_tokens holds fewer than two pieces.
Task deal(const std::vector<Piece>& pool, const ProbeSize& size, const LineTokens& tokens, std::uint64_t seed,
          const std::string& group);

// Files of a probe's material; `setting` names it in messages. Throws no_input.
std::vector<sources::SourceFile> source_files(const std::string& source, const sources::FileFilter& filter,
                                              const std::string& setting);

}  // namespace film::tasks
