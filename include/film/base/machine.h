#pragma once
// What this process may use of its machine: the smallest of what the machine has, what the scheduler lets the process
// run on (taskset, Slurm) and what its control groups allow (containers, batch systems; versions 1 and 2). `root` is
// where /proc and /sys are found; tests give a folder of their own.
#include <cstdint>
#include <filesystem>

namespace film {

int usable_cores(const std::filesystem::path& root = "/");
// Bytes that may be allocated now.
std::uint64_t usable_memory(const std::filesystem::path& root = "/");
// Bytes of memory that the machine has, or less where a control group allows less.
std::uint64_t total_memory(const std::filesystem::path& root = "/");

}  // namespace film
