#pragma once
// Corpus files -> Documents, in bounded memory: raw batches are read in order by one thread at a time, and
// turned into documents by many.
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "film/base/lines.h"
#include "film/corpus/files.h"
#include "film/records/records.h"

namespace film::corpus {

// Lines of one JSONL file, or the numbers of some text files. Empty at the end of the corpus.
struct RawBatch {
  std::size_t file = 0;    // number in the list of files
  std::size_t files = 0;   // > 0: this many text files from `file` on
  std::uint64_t line = 0;  // of lines[0], from 1
  std::vector<std::string> lines;
  std::uint64_t bytes = 0;  // estimate of what it takes of the corpus on disk, for the progress bar

  bool empty() const { return files == 0 && lines.empty(); }
};

// An item of the corpus that is no document, and why: bad_utf8, bad_json, not_an_object, no_text_field,
// text_not_a_string, empty, too_large.
struct CorpusReject {
  std::size_t file = 0;
  std::uint64_t line = 0;  // 0: the whole file
  std::string reason;
};

struct ParsedBatch {
  std::vector<Document> documents;  // ids are not set
  std::vector<std::size_t> files;   // file number of each document
  std::vector<CorpusReject> rejects;
};

// Batch i of the corpus is the same for any number of threads. pull(0), pull(1), … may be called from
// different threads at once; each waits for its turn.
class CorpusReader {
 public:
  explicit CorpusReader(const std::vector<CorpusFile>& files);
  // Throws bad_data for a damaged file or a git-lfs pointer.
  RawBatch pull(std::size_t number);

 private:
  RawBatch read_next();
  RawBatch read_lines();
  RawBatch take_text_files();

  const std::vector<CorpusFile>& files_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::size_t next_ = 0;  // whose turn it is
  bool ended_ = false;    // the corpus ended, or reading failed
  std::size_t file_ = 0;
  std::uint64_t file_bytes_ = 0;  // of files_[file_] counted so far
  std::unique_ptr<LineReader> lines_;
};

// Text is kept as it is, but: "\r\n" becomes "\n", a byte order mark goes, and so do blank lines at both ends
// and white space at the end. What is then empty is rejected.
ParsedBatch parse_batch(const RawBatch& batch, const std::vector<CorpusFile>& files,
                        const CorpusSettings& settings);

// That cleaning, for tests and for texts from elsewhere.
std::string clean_text(std::string_view text);

}  // namespace film::corpus
