#pragma once
// The processes of one run as one of them sees them. With one process every function does nothing, or gives back what it
// was given, so whoever trains need not know how many there are.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "film/base/error.h"
#include "film/engine/ranks.h"
#include "film/ranks/group.h"

namespace film::ranks {

class Team {
 public:
  // Ends this process when the watch has found that the run cannot go on; called in the watch's thread. Left out: as an
  // error that nothing catches (cli/last_words).
  using End = std::function<void(const Error&)>;

  Team();  // one process
  // Waits for all ranks. Throws os_error, config_error, stopped (meeting.h).
  Team(const engine::RankPlace& place, const engine::RankSettings& settings, End end = {});
  ~Team();
  Team(Team&&) noexcept;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool leads() const { return rank_ == 0; }  // writes logs, metrics and checkpoints
  int on_host() const;                       // ranks on this host, this one included
  int on_every_host() const;                 // where hosts have as many neighbouring ranks each; else 0
  int on_processors() const;                 // those of them that run on the same processors as this one

  // What all ranks have to say, at the same place of their work. Sums are the same bits on all of them.
  std::vector<double> sum(std::vector<double> numbers);
  std::vector<std::string> gather(const std::string& text);  // by rank
  std::string from_leader(const std::string& text);          // what rank 0 gave
  void wait_for_all();

  // Where the tensors are that groups exchange: to be called once, before the first of them is opened.
  void use(const at::Device& device);
  // The ranks around this one in blocks of `width`; those with the same place in each block. `width` divides size(). Opened
  // by all ranks in the same order, and before any of them goes its own way: they wait for each other. Each has
  // connections of its own, though it be of the same ranks as another: its exchanges never wait for the other's.
  Group open_block(int width);
  Group open_counterparts(int width);
  Traffic traffic() const;  // of all groups

  // The signal that asked this or, a moment later, any other rank to stop; 0: none.
  int stop_signal() const;

  // Throws an error that every rank throws here: none of them is to blame.
  [[noreturn]] void all_throw(const Error& failure);
  // Runs work. What it throws ends all other ranks too, with this rank named.
  template <class Work>
  auto guard(Work work) {
    try {
      return work();
    } catch (...) {
      tell_failure(std::current_exception());
      throw;
    }
  }

 private:
  void tell_failure(const std::exception_ptr& failure);
  Group open(int first, int rank, int size);

  int rank_ = 0, size_ = 1;
  std::unique_ptr<Links> links_;
  int opened_ = 0;  // groups so far
};

}  // namespace film::ranks
