#!/usr/bin/env bash
# Usage: tests/bench/build_time.sh OLD_REVISION [NEW_REVISION]
# Times a build of the target `film` (what the README's first command builds) from nothing, without a compiler cache,
# for two revisions side by side: old, new, each into its own folder, one after the other with all cores. Prints wall
# and CPU seconds of each and the ratio new : old.
set -euo pipefail
root="$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)"
[[ $# -ge 1 ]] || { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2; }
# shellcheck source=/dev/null
. "${XDG_CACHE_HOME:-$HOME/.cache}/film/env.sh"
export CCACHE_DISABLE=1
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# build REVISION: "wall cpu" in seconds
build() {
  git clone -q "$root" "$work/$1"
  git -C "$work/$1" checkout -q "$1"
  (
    cd "$work/$1"
    cmake --preset release -DFILM_TORCH_DIR="$FILM_TORCH_DIR" -DFILM_TESTS=OFF >"$work/$1.log" 2>&1
    TIMEFORMAT='%R %U %S'
    { time cmake --build --preset release -j "$(nproc)" --target film >>"$work/$1.log" 2>&1; } 2>&1
  ) | awk '{ printf "%.0f %.0f\n", $1, $2 + $3 }'
}

old="$(git -C "$root" rev-parse --short "$1")"
new="$(git -C "$root" rev-parse --short "${2:-HEAD}")"
read -r old_wall old_cpu <<<"$(build "$old")"
read -r new_wall new_cpu <<<"$(build "$new")"
printf '%-14s %8s %8s\n' revision 'wall s' 'CPU s' "$old" "$old_wall" "$old_cpu" "$new" "$new_wall" "$new_cpu"
awk -v a="$new_wall" -v b="$old_wall" -v c="$new_cpu" -v d="$old_cpu" \
  'BEGIN { printf "%-14s %7.0f%% %7.0f%%\n", "new : old", 100 * a / b, 100 * c / d }'
