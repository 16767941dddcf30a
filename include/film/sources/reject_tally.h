#pragma once
// Counts of rows that were not used, by reason, with the first few by name.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace film::sources {

class RejectTally {
 public:
  // `where`: "docs/a.jsonl:12".
  void count(const std::string& reason, const std::string& where);

  bool empty() const { return by_reason_.empty(); }
  std::uint64_t total() const;
  const std::map<std::string, std::uint64_t>& by_reason() const { return by_reason_; }
  const std::vector<std::string>& examples() const { return examples_; }  // the first 20: "where: reason"
  std::string text() const;                                               // "bad_json 2, empty 1"

 private:
  std::map<std::string, std::uint64_t> by_reason_;
  std::vector<std::string> examples_;
};

}  // namespace film::sources
