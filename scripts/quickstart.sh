#!/usr/bin/env bash
# Usage: scripts/quickstart.sh [--short] [OUTPUT_FOLDER]
# From a fresh clone to a finished report: sets the machine up, builds film and runs the demo (scripts/setup/demo.sh)
# into OUTPUT_FOLDER (default runs/quickstart). --short is a smoke test of the same path.
set -euo pipefail
exec </dev/null
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source-path=SCRIPTDIR source=setup/common.sh
. "$scripts/setup/common.sh"
# shellcheck source-path=SCRIPTDIR source=setup/demo.sh
. "$scripts/setup/demo.sh"
variant=full
out=""
for argument in "$@"; do
  case "$argument" in
    --short) variant=short ;;
    -h | --help) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    -*) echo "error: unknown option '$argument' (there is only --short)" >&2; exit 2 ;;
    *) out="$argument" ;;
  esac
done
out="${out:-$FILM_ROOT/runs/quickstart}"

times=()
# phase NAME COMMAND...: runs it and remembers how long it took.
phase() {
  local name="$1" start="$EPOCHREALTIME"
  shift
  "$@"
  times+=("$(printf '%-32s %10s' "$name" "$(seconds_since "$start")")")
}

start="$EPOCHREALTIME"
phase "set-up" "$scripts/setup.sh"
phase "build" "$scripts/build.sh" release --target film
# shellcheck source=/dev/null
. "$FILM_CACHE/env.sh"
run_demo "$out" "$variant"
say ""
say "Time of each phase:"
printf '  %s\n' "${times[@]}" "$(printf '%-32s %10s' total "$(seconds_since "$start")")"
if [[ -f "$out/report.html" ]]; then
  say "The report: $out/report.html"
fi
