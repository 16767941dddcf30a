# shellcheck shell=bash
# Sourced by every script here: paths, messages of a step, and folders that appear whole or not at all.

# shellcheck disable=SC2034  # FILM_* are used by the files that source this one
FILM_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
FILM_SETUP="$FILM_ROOT/scripts/setup"
FILM_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/film"
FILM_DEBIAN="$FILM_CACHE/debian"

say() { printf '%s\n' "$*"; }
detail() { printf '    %s\n' "$*"; }

# die WHAT REMEDY: prints both and ends with 1.
die() {
  printf 'error: %s\n' "$1" >&2
  [[ $# -lt 2 ]] || printf '  what to do: %s\n' "$2" >&2
  exit 1
}

# seconds_since START, with START taken from EPOCHREALTIME. LC_ALL=C: some languages write a decimal comma.
seconds_since() {
  local start="${1/,/.}" now="${EPOCHREALTIME/,/.}"
  LC_ALL=C awk -v a="$start" -v b="$now" 'BEGIN { printf "%.1f s", b - a }'
}

# usage_of SCRIPT: its first comment, which is its --help.
usage_of() { sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$1"; }

# step NAME FUNCTION...: runs FUNCTION and prints one line: its last note, and the time it took.
note() { FILM_NOTE="$*"; }
step() {
  local name="$1" start="$EPOCHREALTIME"
  shift
  note "done"
  "$@"
  printf '  %-16s %s (%s)\n' "$name" "$FILM_NOTE" "$(seconds_since "$start")"
}

# Shows that a long command is still running: one line that is updated on a terminal, a line every half minute
# elsewhere. Waits on a pipe that stays silent, because a child `sleep` would outlive it and keep the output open.
heartbeat() {
  local pause=30 before="" after=$'\n' silent size begin="$SECONDS"
  if [[ -t 1 ]]; then
    pause=1 before=$'\r' after=""
  fi
  exec 9>&- {silent}<> <(:)
  while ! read -r -t "$pause" -u "$silent" && kill -0 $$ 2>/dev/null; do
    size="$(du -sm "$FILM_CACHE/tmp" 2>/dev/null | cut -f1)"
    printf '%s    ... %d s, %s MB%s' "$before" "$((SECONDS - begin))" "$size" "$after"
  done
}

# logged NAME REMEDY COMMAND...: the output goes to a file, and is shown only when the command fails. The subshell
# is not part of a condition, so that `set -e` is in effect inside functions run this way.
logged() {
  local name="$1" log="$FILM_CACHE/log/${1// /-}.log" remedy="$2" status watcher
  shift 2
  mkdir -p "$FILM_CACHE/log" "$FILM_CACHE/tmp"
  heartbeat &
  watcher=$!
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1
  status=$?
  kill "$watcher"
  wait "$watcher" 2>/dev/null
  set -e
  [[ ! -t 1 ]] || printf '\r%30s\r' ""
  if ((status)); then
    { grep -iE -A 4 --no-group-separator '^(e|error|fatal)[a-z ]*:|^cmake error' "$log" || tail -n 15 "$log"; } |
      head -n 15 | sed 's/^/    | /' >&2
    die "$name failed (all its output: $log)" "$remedy"
  fi
}

# One set-up at a time in one cache folder; leftovers of an interrupted one are removed first.
lock_cache() {
  mkdir -p "$FILM_CACHE" || die "cannot create $FILM_CACHE" "set XDG_CACHE_HOME to a folder that you may write to"
  exec 9>"$FILM_CACHE/.lock"
  if ! flock -n 9; then
    say "another set-up is running in $FILM_CACHE; waiting for it"
    flock 9
  fi
  rm -rf "$FILM_CACHE/tmp"
  mkdir -p "$FILM_CACHE/tmp"
  trap 'rm -rf "$FILM_CACHE/tmp"' EXIT
}

key_of() { cat "$@" | sha256sum | cut -c1-32; }

# is_complete FOLDER KEY FILE...: true if the folder was made from exactly these pins and has these files.
is_complete() {
  local folder="$1" key="$2" file
  shift 2
  [[ -f "$folder/.film-complete" && "$(<"$folder/.film-complete")" == "$key" ]] || return 1
  for file in "$@"; do
    [[ -e "$folder/$file" ]] || return 1
  done
}

# publish BUILT FOLDER KEY: two renames, so that the final name never shows half a folder.
publish() {
  printf '%s\n' "$3" >"$1/.film-complete"
  mkdir -p "$(dirname "$2")"
  if [[ -e "$2" ]]; then
    mv "$2" "$FILM_CACHE/tmp/old.$$"
  fi
  mv "$1" "$2"
  rm -rf "$FILM_CACHE/tmp/old.$$"
}

need_space() { # MEGABYTES PURPOSE
  local free
  free="$(df -Pm "$FILM_CACHE" | awk 'NR == 2 { print $4 }')"
  ((free >= $1)) || die "$2 needs about $1 MB, and $FILM_CACHE has $free MB free" \
    "make room there, or set XDG_CACHE_HOME to a folder on a larger disk"
}
