#pragma once
// The journal of paid answers: one JSONL line per reply that held a choice, usable or not. What is in it is never
// asked for again. Format: docs/formats.md, "Answer journal".
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "film/base/file_descriptor.h"
#include "film/base/files.h"
#include "film/base/journal.h"
#include "film/endpoint/chat.h"
#include "request_key.h"

namespace film::endpoint {

class AnswerJournal {
 public:
  // Opens or creates; cuts and reports a torn last line. Throws bad_data for a line that is not the journal's.
  explicit AnswerJournal(const fs::path& path);

  std::uint64_t size() const { return lines_.size(); }
  double cost() const { return cost_; }  // of all answers in it

  // The result stored under the first of `keys` that the journal holds; its id is that of the first request
  // with the key.
  std::optional<ChatResult> find(std::span<const RequestKey> keys) const;
  bool contains(const RequestKey& key) const { return lines_.contains(key); }

  // Writes one result. From then on a kill of the program cannot lose it, after sync() neither can a crash
  // of the machine.
  void add(const RequestKey& key, const ChatResult& result, double cost, const std::string& prompt_version);
  // Fsyncs what was added as one group.
  void sync();
  std::uint64_t unsynced() const { return unsynced_; }

 private:
  struct Line {
    std::uint64_t offset;
    std::uint32_t length;
  };
  void scan();
  ChatResult read(const Line& line) const;

  fs::path path_;
  Journal journal_;
  FileDescriptor file_;  // for reading back
  std::uint64_t end_ = 0;
  std::uint64_t unsynced_ = 0;
  double cost_ = 0;
  std::unordered_map<RequestKey, Line, RequestKeyHash> lines_;
};

}  // namespace film::endpoint
