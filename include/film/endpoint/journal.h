#pragma once
// The journal of paid answers: one JSONL line per reply that held a choice, usable or not. Resume never asks
// again for what is in it. Format: docs/formats.md, "Answer journal".
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "film/base/lines.h"
#include "film/endpoint/chat.h"

namespace film::endpoint {

using RequestKey = std::array<std::uint64_t, 2>;

// First 128 bits of SHA-256 over who answers, the prompt's version and the whole body.
RequestKey request_key(const std::string& identity, const std::string& prompt_version,
                       const std::string& body);

class AnswerJournal {
 public:
  // Opens or creates; a torn last line is cut and reported. Throws bad_data for a line that is not the
  // journal's.
  explicit AnswerJournal(const fs::path& path);
  ~AnswerJournal();
  AnswerJournal(const AnswerJournal&) = delete;
  AnswerJournal& operator=(const AnswerJournal&) = delete;

  std::uint64_t size() const { return places_.size(); }
  double cost() const { return cost_; }  // of all answers in it

  // The stored result, its id that of the request which was asked first.
  std::optional<ChatResult> find(const RequestKey& key);
  bool contains(const RequestKey& key) const { return places_.contains(key); }

  // Appends one result; a kill cannot lose it after the next write(), a crash of the machine after sync().
  void add(const RequestKey& key, const ChatResult& result, double cost, const std::string& prompt_version);
  void write() { journal_.write(); }
  // Writes and fsyncs what was added as one group.
  void sync();
  std::uint64_t unsynced() const { return unsynced_; }

 private:
  struct Place {
    std::uint64_t offset;
    std::uint32_t length;
  };
  struct Hash {
    std::size_t operator()(const RequestKey& key) const { return key[0]; }
  };
  void scan();
  std::string read(const Place& place) const;

  fs::path path_;
  Journal journal_;
  int fd_ = -1;  // for reading back
  std::uint64_t end_ = 0;
  std::uint64_t unsynced_ = 0;
  double cost_ = 0;
  std::unordered_map<RequestKey, Place, Hash> places_;
};

}  // namespace film::endpoint
