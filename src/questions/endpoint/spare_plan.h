#pragma once
// Which contexts are asked about: per split and kind as many as are wanted, and a spare one for each that
// gave no question. The set depends on the answers alone, not on the order in which they come: it is the
// shortest run of contexts, in order of id, with the wanted number of successes.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "film/records/qa_facts.h"
#include "film/records/records.h"

namespace film::questions {

class SparePlan {
 public:
  // spares: fraction of the contexts of each split and kind that is held back, rounded down.
  explicit SparePlan(double spares) : spares_(spares) {}
  void add(const Context& context);  // all of them, in order of id from 0, before the first next()

  // A context to ask about now, or nothing until another done().
  std::optional<std::uint64_t> next();
  void done(std::uint64_t context, bool kept);
  bool asked(std::uint64_t context) const { return states_[context] != State::waiting; }
  // Nothing will change for it any more: it is done, or its split and kind have all that they want without it.
  bool settled(std::uint64_t context) const;
  std::uint64_t wanted() const;                   // over all groups
  std::map<std::string, QaGroup> groups() const;  // by "SPLIT KIND"
  // The groups that have fewer than wanted, for people; empty when all have enough.
  std::string shortage() const;

 private:
  enum class State : std::uint8_t { waiting, open, done };
  struct Group {
    std::vector<std::uint64_t> contexts;
    std::size_t next = 0;
    std::uint64_t open = 0, kept = 0;
  };
  std::uint64_t wanted(const Group& group) const;
  double spares_;
  std::map<std::string, Group> groups_;
  std::vector<Group*> group_of_;  // by context
  std::vector<State> states_;
};

}  // namespace film::questions
