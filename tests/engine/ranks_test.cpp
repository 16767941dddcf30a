// Which process of a run this is, from the variables of every launcher; what contradicts itself is refused with words.
#include "film/engine/ranks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "film/base/error.h"

namespace film::engine {
namespace {

using Variables = std::map<std::string, std::string>;

RankPlace place_in(const Variables& variables) {
  return find_rank([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
  });
}

struct Launch {
  const char* what;
  Variables variables;
  Launcher launcher;
  int rank, size, local_rank;
  const char* address;
  int port;
};

const Variables kTorchrun = {{"RANK", "5"},           {"WORLD_SIZE", "8"},      {"LOCAL_RANK", "1"},
                             {"MASTER_ADDR", "gpu3"}, {"MASTER_PORT", "29400"}, {"GROUP_RANK", "1"}};
const Variables kSlurm = {{"SLURM_PROCID", "3"},
                          {"SLURM_STEP_NUM_TASKS", "4"},
                          {"SLURM_LOCALID", "1"},
                          {"SLURM_STEP_NUM_NODES", "2"},
                          {"SLURM_JOB_ID", "24001"},
                          {"SLURM_NTASKS", "4"},
                          {"SLURM_STEP_NODELIST", "n[07-08]"}};

Variables with(Variables variables, const Variables& others) {
  for (const auto& [name, value] : others) variables[name] = value;
  return variables;
}

TEST(FindRank, EveryLauncherIsUnderstood) {
  const Variables open_mpi = {{"OMPI_COMM_WORLD_RANK", "2"},
                              {"OMPI_COMM_WORLD_SIZE", "3"},
                              {"OMPI_COMM_WORLD_LOCAL_RANK", "2"},
                              {"OMPI_COMM_WORLD_LOCAL_SIZE", "3"}},
                  mpich = {{"PMI_RANK", "1"},
                           {"PMI_SIZE", "2"},
                           {"MPI_LOCALRANKID", "0"},
                           {"MPI_LOCALNRANKS", "1"},
                           {"MASTER_ADDR", "10.1.2.3"}};
  const std::vector<Launch> launches = {
      {"nothing",
       {{"HOME", "/"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}},
       Launcher::none,
       0,
       1,
       0,
       "",
       0},
      {"torchrun", kTorchrun, Launcher::torchrun, 5, 8, 1, "gpu3", 29400},
      {"Slurm", kSlurm, Launcher::slurm, 3, 4, 1, "n07", 20001},
      {"Slurm, one node", with(kSlurm, {{"SLURM_STEP_NUM_NODES", "1"}, {"MASTER_PORT", "4711"}}),
       Launcher::slurm, 3, 4, 1, "127.0.0.1", 4711},
      {"Slurm, an address", with(kSlurm, {{"MASTER_ADDR", "head"}}), Launcher::slurm, 3, 4, 1, "head", 20001},
      {"Open MPI", open_mpi, Launcher::open_mpi, 2, 3, 2, "127.0.0.1", 29500},
      {"MPICH", mpich, Launcher::mpich, 1, 2, 0, "10.1.2.3", 29500},
      {"torchrun below srun", with(kSlurm, kTorchrun), Launcher::torchrun, 5, 8, 1, "gpu3", 29400},
      {"mpirun in a job",
       with(with(kSlurm, open_mpi),
            {{"SLURM_STEP_NUM_TASKS", "2"}, {"SLURM_PROCID", "0"}, {"SLURM_LOCALID", "0"}}),
       Launcher::open_mpi, 2, 3, 2, "127.0.0.1", 24001 % 12000 + 20000},
      {"Slurm's own PMI", with(kSlurm, {{"PMI_RANK", "3"}, {"PMI_SIZE", "4"}}), Launcher::slurm, 3, 4, 1,
       "n07", 20001},
      {"a step of one task",
       with(kSlurm, {{"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_PROCID", "0"}, {"SLURM_LOCALID", "0"}}),
       Launcher::slurm, 0, 1, 0, "", 0}};
  for (const Launch& launch : launches) {
    const RankPlace place = place_in(launch.variables);
    EXPECT_EQ(name_of(place.launcher), name_of(launch.launcher)) << launch.what;
    EXPECT_EQ(place.rank, launch.rank) << launch.what;
    EXPECT_EQ(place.size, launch.size) << launch.what;
    EXPECT_EQ(place.local_rank, launch.local_rank) << launch.what;
    EXPECT_EQ(place.address, launch.address) << launch.what;
    EXPECT_EQ(place.port, launch.port) << launch.what;
  }
}

TEST(FindRank, TheAgentOfTorchrunServesAndCountsItsRestarts) {
  EXPECT_FALSE(place_in(kTorchrun).served);
  const RankPlace again = place_in(
      with(kTorchrun, {{"TORCHELASTIC_USE_AGENT_STORE", "True"}, {"TORCHELASTIC_RESTART_COUNT", "2"}}));
  EXPECT_TRUE(again.served);
  EXPECT_EQ(again.attempt, 2);
}

TEST(FindRank, ContradictionsAreRefusedByName) {
  const auto without = [](Variables variables, const char* name) {
    variables[name].clear();
    return variables;
  };
  const std::vector<std::pair<Variables, std::string>> wrong = {
      {without(kTorchrun, "WORLD_SIZE"), "RANK is set, but WORLD_SIZE is not"},
      {without(kTorchrun, "RANK"), "WORLD_SIZE is set, but RANK is not"},
      {without(kTorchrun, "LOCAL_RANK"), "RANK is set, but LOCAL_RANK is not"},
      {without(kTorchrun, "MASTER_PORT"), "MASTER_PORT is not"},
      {without(kTorchrun, "MASTER_ADDR"), "MASTER_ADDR is not set"},
      {with(kTorchrun, {{"RANK", "8"}}), "RANK is 8, WORLD_SIZE is 8"},
      {with(kTorchrun, {{"LOCAL_RANK", "6"}}), "LOCAL_RANK is 6, RANK is 5"},
      {with(kTorchrun, {{"RANK", "-1"}}), "RANK is \"-1\""},
      {with(kTorchrun, {{"WORLD_SIZE", "2 nodes"}}), "WORLD_SIZE is \"2 nodes\""},
      {with(kSlurm, {{"MASTER_PORT", "99999999999"}}), "MASTER_PORT is"},
      {with(kSlurm, {{"RANK", "0"}, {"WORLD_SIZE", "1"}, {"LOCAL_RANK", "0"}}),
       "torchrun says rank 0 of 1, Slurm says"},
      {{{"OMPI_COMM_WORLD_RANK", "0"},
        {"OMPI_COMM_WORLD_SIZE", "4"},
        {"OMPI_COMM_WORLD_LOCAL_RANK", "0"},
        {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}},
       "MASTER_ADDR is not set"},
      {{{"PMI_RANK", "0"}, {"PMI_SIZE", "4"}}, "PMI_RANK is set, but MPI_LOCALRANKID is not"}};
  for (const auto& [variables, words] : wrong) {
    try {
      place_in(variables);
      ADD_FAILURE() << "not refused: " << words;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::config) << words;
      EXPECT_THAT(error.what(), ::testing::HasSubstr(words));
      EXPECT_NE(error.hint(), "") << words;
    }
  }
}

TEST(FindRank, TheFirstHostOfSlurmsList) {
  const std::vector<std::pair<std::string, std::string>> lists = {
      {"alone", "alone"}, {"a,b[1-2]", "a"}, {"n[001-016,20],login", "n001"}, {"r[2-3]n[05,07]x", "r2n05x"},
      {"gpu[9]", "gpu9"}, {"", ""}};
  for (const auto& [list, first] : lists) EXPECT_EQ(first_host(list), first) << list;
}

}  // namespace
}  // namespace film::engine
