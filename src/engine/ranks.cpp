#include "film/engine/ranks.h"

#include <fmt/format.h>

#include <cstdlib>

#include "film/base/as_number.h"
#include "film/base/error.h"

namespace film::engine {

void RankSettings::describe(Fields& f) {
  f.add("lost_after", lost_after, "a rank without a sign of life for so long ends the run on all ranks")
      .range(1, 86400)
      .in("seconds")
      .runtime();
  f.add("slow_after", slow_after, "so does a rank for which the others have waited so long")
      .range(1, 604800)
      .in("seconds")
      .runtime();
  f.add("join_within", join_within, "how long the first rank waits for the last one")
      .range(1, 86400)
      .in("seconds")
      .runtime();
}

namespace {

// The variables of one launcher.
struct Dialect {
  Launcher launcher;
  const char *rank, *size, *local_rank;
};
constexpr Dialect kDialects[] = {
    {Launcher::torchrun, "RANK", "WORLD_SIZE", "LOCAL_RANK"},
    {Launcher::open_mpi, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"},
    {Launcher::mpich, "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID"},
    {Launcher::slurm, "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID"}};
constexpr int kTorchPort = 29500, kFirstSlurmPort = 20000, kSlurmPorts = 12000;

class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  std::optional<std::string> text(const char* name) const { return environment_(name); }

  std::optional<int> number(const char* name) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto number = as_number<int>(*value);
    if (!number || *number < 0)
      throw config_error(
          fmt::format("{} is \"{}\": a whole number was expected", name, *value),
          "it is set by the launcher of a run of several processes: unset it, or start with one");
    return number;
  }

  int needed(const char* name, const char* beside) const {
    if (const auto value = number(name)) return *value;
    throw config_error(
        fmt::format("{} is set, but {} is not", beside, name),
        fmt::format("start with torchrun, srun or mpirun, which set both; or unset {}", beside));
  }

 private:
  const Environment& environment_;
};

// In the batch script of a Slurm job the task's number is set, but no step runs. MPI variables without a number on this
// node come from Slurm's own MPI support.
bool speaks(const Dialect& d, const Reader& reader) {
  if (d.launcher == Launcher::slurm) return reader.number(d.size).has_value();
  if (d.launcher == Launcher::mpich && !reader.number(d.local_rank) && reader.number("SLURM_STEP_NUM_TASKS"))
    return false;
  return reader.text(d.rank) || reader.text(d.size);
}

RankPlace place_by(const Dialect& d, const Reader& reader) {
  RankPlace place{.launcher = d.launcher, .rank = reader.needed(d.rank, d.size)};
  place.size = reader.needed(d.size, d.rank);
  place.local_rank = reader.needed(d.local_rank, d.rank);
  const auto refuse = [&](const std::string& what) {
    throw config_error(
        fmt::format("{}: {}", name_of(d.launcher), what),
        "the variables are of different launches: unset what is left over in the shell or script");
  };
  if (place.rank >= place.size)
    refuse(fmt::format("{} is {}, {} is {}", d.rank, place.rank, d.size, place.size));
  if (place.local_rank > place.rank)
    refuse(fmt::format("{} is {}, {} is {}", d.local_rank, place.local_rank, d.rank, place.rank));
  return place;
}

// A launcher inside another starts at least one process for each of the other's.
void require_nested(const RankPlace& inner, const RankPlace& outer) {
  if (inner.size >= outer.size) return;
  throw config_error(
      fmt::format("{} says rank {} of {}, {} says rank {} of {}", name_of(inner.launcher), inner.rank,
                  inner.size, name_of(outer.launcher), outer.rank, outer.size),
      "unset the variables of the launcher that is not used (RANK and WORLD_SIZE, PMI_RANK, SLURM_PROCID …)");
}

bool on_one_node(const RankPlace& place, const Reader& reader) {
  switch (place.launcher) {
    case Launcher::open_mpi:
      return reader.number("OMPI_COMM_WORLD_LOCAL_SIZE") == place.size;
    case Launcher::mpich:
      return reader.number("MPI_LOCALNRANKS") == place.size;
    case Launcher::slurm:
      return reader.number("SLURM_STEP_NUM_NODES") == 1;
    default:
      return false;
  }
}

std::string meeting_address(const RankPlace& place, const Reader& reader) {
  if (const auto given = reader.text("MASTER_ADDR")) return *given;
  if (on_one_node(place, reader)) return "127.0.0.1";
  if (place.launcher == Launcher::slurm)
    for (const char* list : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST"})
      if (const auto hosts = reader.text(list)) return first_host(*hosts);
  throw config_error(
      fmt::format("MASTER_ADDR is not set: {} does not say where rank 0 runs", name_of(place.launcher)),
      "set it to the name or address of the node of rank 0 (mpirun -x MASTER_ADDR=NODE, mpiexec -genv "
      "MASTER_ADDR NODE)");
}

int meeting_port(const RankPlace& place, const Reader& reader) {
  if (const auto given = reader.number("MASTER_PORT")) return *given;
  if (place.launcher == Launcher::torchrun)
    throw config_error("MASTER_ADDR is set, but MASTER_PORT is not", "torchrun sets both");
  // Jobs that share a node must not meet at the same port.
  if (const auto job = reader.number("SLURM_JOB_ID")) return kFirstSlurmPort + *job % kSlurmPorts;
  return kTorchPort;
}

}  // namespace

RankPlace find_rank(const Environment& environment) {
  const Reader reader(environment);
  std::optional<RankPlace> found;
  for (const Dialect& d : kDialects) {
    if (!speaks(d, reader)) continue;
    const RankPlace place = place_by(d, reader);
    if (found)
      require_nested(*found, place);
    else
      found = place;
  }
  if (!found) return {};
  if (found->size == 1) return *found;
  found->address = meeting_address(*found, reader);
  found->port = meeting_port(*found, reader);
  found->served = reader.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
  found->attempt = reader.number("TORCHELASTIC_RESTART_COUNT").value_or(0);
  return *found;
}

RankPlace find_rank() {
  return find_rank([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
  });
}

std::string first_host(const std::string& list) {
  std::string host;
  for (std::size_t at = 0; at < list.size() && list[at] != ','; ++at) {
    if (list[at] != '[') {
      host += list[at];
      continue;
    }
    const std::size_t close = list.find(']', at);
    const std::string inside = list.substr(at + 1, close - at - 1);
    host += inside.substr(0, inside.find_first_of(",-"));
    if (close == std::string::npos) break;
    at = close;
  }
  return host;
}

}  // namespace film::engine
