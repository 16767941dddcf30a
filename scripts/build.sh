#!/usr/bin/env bash
# Usage: scripts/build.sh [PRESET [arguments of cmake --build...]]
# Configures and builds one preset of CMakePresets.json (default: release) into build/PRESET, for example
#   scripts/build.sh release --target film
#   scripts/build.sh release -j 1            one job at a time, for a machine that is short of memory
# Run scripts/setup.sh first.
set -euo pipefail
exec </dev/null
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source-path=SCRIPTDIR source=setup/common.sh
. "$scripts/setup/common.sh"
case "${1:-}" in
  -h | --help) usage_of "${BASH_SOURCE[0]}"; exit 0 ;;
  -*) echo "error: '$1' where a preset is expected (scripts/build.sh --help)" >&2; exit 2 ;;
esac
preset="${1:-release}"
[[ $# -eq 0 ]] || shift
[[ -f "$FILM_CACHE/env.sh" ]] || die "$FILM_CACHE/env.sh does not exist" "run scripts/setup.sh first"
# shellcheck source=/dev/null
. "$FILM_CACHE/env.sh"

# Compiling against Torch's headers takes up to 2 GB a job; with one job too many the machine swaps
# or kills the compiler.
jobs_that_fit() {
  local cores memory_mb limit
  cores="$(nproc)"
  memory_mb="$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)"
  if [[ -r /sys/fs/cgroup/memory.max ]]; then
    limit="$(</sys/fs/cgroup/memory.max)"
    if [[ "$limit" != max ]] && ((limit / 1048576 < memory_mb)); then
      memory_mb=$((limit / 1048576))
    fi
  fi
  awk -v c="$cores" -v m="$memory_mb" 'BEGIN { j = int(m / 2048); print j < 1 ? 1 : (j < c ? j : c) }'
}

# Without a terminal ninja writes a line for each file; this prints one for each tenth, and everything else.
show_progress() {
  awk '/^\[[0-9]+\/[0-9]+ / {
         split(substr($1, 2), part, "/")
         tenth = int(10 * part[1] / part[2])
         if (tenth > shown) { print; fflush(); shown = tenth }
         next
       }
       { print; fflush() }'
}

start="$EPOCHREALTIME"
if command -v ccache >/dev/null; then
  # Keys without absolute paths, so that another checkout of the same sources gets hits; the rest lets it cache
  # translation units that use a precompiled header.
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_DIR="$FILM_CACHE/ccache" CCACHE_MAXSIZE=5G \
    CCACHE_BASEDIR="$FILM_ROOT" CCACHE_NOHASHDIR=1 \
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
fi
cd "$FILM_ROOT"
jobs="$(jobs_that_fit)"
say "Building film: preset $preset, $jobs jobs at a time"
logged "configuring $preset" "read the lines above; a stale build/$preset can simply be deleted" \
  cmake --preset "$preset" -DFILM_TORCH_DIR="$FILM_TORCH_DIR"
if [[ -t 1 ]]; then
  NINJA_STATUS="[%f/%t %es] " cmake --build --preset "$preset" -j "$jobs" "$@"
else
  NINJA_STATUS="[%f/%t %es] " cmake --build --preset "$preset" -j "$jobs" "$@" | show_progress
fi
say "Built build/$preset in $(seconds_since "$start")"
