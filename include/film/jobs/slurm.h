#pragma once
// Batch scripts for Slurm: a text for each stage of the work, from settings.
#include <string>
#include <vector>

#include "film/base/settings.h"

namespace film::jobs {

// One script. Each command is a line of film's arguments; several make an array job, one to an element.
struct JobSettings {
  std::vector<std::string> commands;
  std::string partition, account;  // empty: the cluster's defaults
  std::string time = "12:00:00";   // limit, as sbatch takes it
  std::int64_t nodes = 1, tasks_per_node = 1, gpus_per_node = 0, cpus_per_task = 8;
  std::string memory = "32G";        // of a node; "0": all of it
  std::vector<std::string> options;  // further lines for sbatch: "--constraint=h100"
  std::int64_t warning = 180;   // seconds before the limit (and at a preemption) that film is told to stop
  std::int64_t restarts = 100;  // after stops in good order
  std::int64_t retries = 5;     // after losses: a killed rank, a node that went down
  void describe(Fields& f);
};

struct SlurmSettings {
  std::string program = "film";
  std::vector<std::string> setup;  // lines of shell before it: modules, variables
  std::int64_t shards = 1;  // of synth: that many elements of an array make them, a second script joins them
  JobSettings synth, qa, train, eval;
  SlurmSettings();
  void describe(Fields& f);
  // Throws config_error: values that would end a line of the script, no commands, times that are none.
  void check() const;
};

struct JobScript {
  std::string name, text;  // "train.sbatch"
};
// Of every stage that has commands; with shards "synth.sbatch" and "synth-join.sbatch".
std::vector<JobScript> slurm_scripts(const SlurmSettings& settings);

}  // namespace film::jobs
