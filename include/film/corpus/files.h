#pragma once
// Which files make up a corpus, in which order.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/corpus/settings.h"

namespace film::corpus {

struct CorpusFile {
  fs::path path;
  std::string name;  // as it stands in documents: from the input's own last name on, so that it does not
                     // depend on where the corpus lies ("docs/ref/models.txt")
  std::uint64_t bytes = 0;  // on disk
  bool jsonl = false;       // one document a line; else the file is one document
  bool compressed = false;
};

// The inputs in the order given; a folder stands for all its files of a known kind, searched through, sorted
// by name; hidden files and folders are left out. A file named by the user is JSONL unless its name ends with
// one of `extensions`. Throws no_input: an input is missing, or there is no file at all.
std::vector<CorpusFile> list_corpus_files(const CorpusSettings& settings);

// SHA-256 over names and sizes: tells cheaply whether a run is resumed over the same corpus.
std::string listing_sha256(const std::vector<CorpusFile>& files);

// True for the text that git-lfs leaves in place of a file that was not fetched.
bool is_lfs_pointer(std::string_view head);
// The error for it.
Error lfs_pointer_error(const std::string& name);

}  // namespace film::corpus
