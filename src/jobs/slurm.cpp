#include "film/jobs/slurm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "film/base/strings.h"

namespace film::jobs {
namespace {

struct NamedJob {
  const char* name;
  const JobSettings& job;
};

std::array<NamedJob, 4> jobs_of(const SlurmSettings& s) {
  return {{{"synth", s.synth}, {"qa", s.qa}, {"train", s.train}, {"eval", s.eval}}};
}

bool is_time(const std::string& text) {
  const std::string allowed = "0123456789:-";
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos && text[0] >= '0' &&
         text[0] <= '9';
}

void require_one_line(const std::string& key, const std::string& value) {
  if (std::ranges::any_of(value, [](char c) { return c == '\n' || c == '\r' || c == '\0'; }))
    throw config_error("setting " + key + " has a line break in it", "each value is one line of the script");
}

void check_job(const std::string& name, const JobSettings& job) {
  for (const auto& [key, value] : {std::pair{"partition", job.partition}, std::pair{"account", job.account},
                                   std::pair{"memory", job.memory}})
    require_one_line(name + "." + key, value);
  for (const std::string& command : job.commands) require_one_line(name + ".commands", command);
  for (const std::string& option : job.options) {
    require_one_line(name + ".options", option);
    if (!option.starts_with("--"))
      throw config_error(fmt::format("setting {}.options: \"{}\" is no option of sbatch", name, option),
                         "options begin with --, for example --constraint=h100");
  }
  if (!is_time(job.time))
    throw config_error(fmt::format("setting {}.time is \"{}\"", name, job.time),
                       "minutes, or HH:MM:SS, or D-HH:MM:SS");
}

}  // namespace

void JobSettings::describe(Fields& f) {
  f.add("commands", commands, "lines of film's arguments; several make an array job, one to an element");
  f.add("partition", partition, "empty = the cluster's default");
  f.add("account", account, "empty = the user's default");
  f.add("time", time, "limit of the job: minutes, HH:MM:SS or D-HH:MM:SS; the work resumes in a new job");
  f.add("nodes", nodes, "nodes of the job").range(1, 1e5);
  f.add("tasks_per_node", tasks_per_node, "processes on each node: as many as GPUs").range(1, 1024);
  f.add("gpus_per_node", gpus_per_node, "GPUs of each node; 0 = none").range(0, 1024);
  f.add("cpus_per_task", cpus_per_task, "processors of each process").range(1, 1024);
  f.add("memory", memory, "of each node, as sbatch takes it; 0 = all");
  f.add("options", options, "further options for sbatch, each with its --");
  f.add("warning", warning, "before the time limit, and at a preemption, film is told to stop")
      .range(1, 86400)
      .in("seconds");
  f.add("restarts", restarts, "how often the job may resume after it stopped in good order").range(0, 1e6);
  f.add("retries", retries, "how often it may start again after a loss (a killed process, a lost node)")
      .range(0, 1e6);
}

SlurmSettings::SlurmSettings() {
  synth.commands = {"synth --config synth.json --out data"};
  synth.memory = "64G";
  qa.commands = {"qa data --config qa.json"};
  qa.time = "2-00:00:00";
  train.commands = {"train --config train.json --set shard=optimizer --out run"};
  train.time = "1-00:00:00";
  train.nodes = 2;
  train.tasks_per_node = train.gpus_per_node = 8;
  train.memory = "0";
  eval.commands = {"eval run --data data --out eval"};
  eval.gpus_per_node = 1;
}

void SlurmSettings::describe(Fields& f) {
  f.add("program", program, "film as the nodes find it");
  f.add("setup", setup, "lines of shell before it (modules, env.sh)");
  f.add("shards", shards, "elements of an array job that share synth; a second script joins what they made")
      .range(1, 1e5);
  f.group("synth", synth);
  f.group("qa", qa);
  f.group("train", train);
  f.group("eval", eval);
}

void SlurmSettings::check() const {
  require_one_line("program", program);
  for (const std::string& line : setup) require_one_line("setup", line);
  for (const auto& [name, job] : jobs_of(*this)) check_job(name, job);
  if (shards > 1 && synth.commands.size() != 1)
    throw config_error(fmt::format("shards is {}, but synth has {} commands", shards, synth.commands.size()),
                       "one command, whose work the shards share");
  if (std::ranges::all_of(jobs_of(*this), [](const NamedJob& one) { return one.job.commands.empty(); }))
    throw config_error("no stage has commands: there is nothing to write",
                       "--set 'train.commands=[\"train …\"]'");
}

namespace {

// One file in the making.
struct Script {
  std::string name;
  const JobSettings& job;
  std::int64_t elements = 1;  // of an array
  std::string arguments;      // the shell line that sets film's arguments
  std::string comment = {};
};

std::string head(const Script& script) {
  const JobSettings& job = script.job;
  const bool array = script.elements > 1;
  std::vector<std::string> options = {
      "--job-name=film-" + script.name,
      fmt::format("--output=film-{}-{}.log", script.name, array ? "%A_%a" : "%j"),
      "--open-mode=append",
      fmt::format("--nodes={}", job.nodes),
      fmt::format("--ntasks-per-node={}", job.tasks_per_node),
      fmt::format("--cpus-per-task={}", job.cpus_per_task),
      "--mem=" + job.memory,
      "--time=" + job.time,
      "--requeue",
      fmt::format("--signal=USR1@{}", job.warning)};
  if (job.gpus_per_node > 0) options.push_back(fmt::format("--gpus-per-node={}", job.gpus_per_node));
  if (array) options.push_back(fmt::format("--array=0-{}", script.elements - 1));
  if (!job.partition.empty()) options.push_back("--partition=" + job.partition);
  if (!job.account.empty()) options.push_back("--account=" + job.account);
  options.insert(options.end(), job.options.begin(), job.options.end());
  std::string text = "#!/bin/bash\n";
  for (const std::string& option : options) text += "#SBATCH " + option + "\n";
  return text + script.comment;
}

// Of an array the command of this element.
Script commands_script(const NamedJob& one) {
  const auto& commands = one.job.commands;
  if (commands.size() == 1) return {one.name, one.job, 1, "arguments=(" + commands[0] + ")\n"};
  std::string text = "case \"$SLURM_ARRAY_TASK_ID\" in\n";
  for (std::size_t i = 0; i < commands.size(); ++i)
    text += fmt::format("  {}) arguments=({}) ;;\n", i, commands[i]);
  return {one.name, one.job, static_cast<std::int64_t>(commands.size()), text + "esac\n"};
}

// The array makes the shards; the same command without one joins them.
std::vector<Script> shard_scripts(const NamedJob& synth, std::int64_t shards) {
  Script join = commands_script(synth);
  join.name = "synth-join";
  join.comment =
      "# When all of synth.sbatch has ended well: sbatch --dependency=afterok:JOB synth-join.sbatch\n";
  return {{synth.name, synth.job, shards,
           fmt::format("arguments=({} --shard $((SLURM_ARRAY_TASK_ID + 1))/{})\n", synth.job.commands[0],
                       shards)},
          join};
}

// srun's own code for a step whose processes leave at different times is not theirs with --kill-on-bad-exit=1; --wait is
// longer than film takes to end all of its processes when one is lost (ranks.lost_after). From 22.05 on srun
// does not take --cpus-per-task over from sbatch.
std::string body(const SlurmSettings& settings, const Script& script) {
  std::string text =
      "# Written by film slurm-script. 75: film was told to stop (time limit, preemption) and resumes when "
      "the same\n"
      "# command runs again. 71 and codes from 128 on: a process or a node was lost.\n";
  for (const std::string& line : settings.setup) text += line + "\n";
  text += script.arguments;
  text += "export MASTER_ADDR=\"$(hostname)\"  # this script runs on the node of rank 0\n";
  text += fmt::format(
      "srun --kill-on-bad-exit=0 --wait=120 --cpus-per-task=\"$SLURM_CPUS_PER_TASK\" {} "
      "\"${{arguments[@]}}\"\n",
      settings.program);
  text += "code=$?\n";
  text += fmt::format(
      "if ((code == 75)); then most={}; elif ((code == 71 || code >= 128)); then most={}; else most=0; fi\n",
      script.job.restarts, script.job.retries);
  text +=
      "if ((${SLURM_RESTART_COUNT:-0} < most)) && scontrol requeue \"$SLURM_JOB_ID\"; then\n"
      "  sleep 300  # the requeue ends this script; Slurm would take an end of its own accord for the job's\n"
      "fi\n"
      "exit \"$code\"\n";
  return text;
}

}  // namespace

std::vector<JobScript> slurm_scripts(const SlurmSettings& settings) {
  settings.check();
  std::vector<Script> scripts;
  for (const NamedJob& one : jobs_of(settings)) {
    if (one.job.commands.empty()) continue;
    if (&one.job == &settings.synth && settings.shards > 1)
      for (Script& script : shard_scripts(one, settings.shards)) scripts.push_back(std::move(script));
    else
      scripts.push_back(commands_script(one));
  }
  std::vector<JobScript> files;
  for (const Script& script : scripts)
    files.push_back({script.name + ".sbatch", head(script) + body(settings, script)});
  return files;
}

}  // namespace film::jobs
