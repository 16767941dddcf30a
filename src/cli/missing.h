#pragma once
// What a command lacks, said all at once with a line to copy.
#include <string>
#include <vector>

namespace film::cli {

struct Need {
  bool there;
  std::string what;   // "--tokenizer FILE (the model's SentencePiece file)"
  std::string words;  // of the line to copy: what was given, or an example: "--tokenizer tokenizer.model"
};

// Throws usage_error naming every need that is not there.
void require_all(const std::string& command, const std::vector<Need>& needs);

}  // namespace film::cli
