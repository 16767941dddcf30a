#!/usr/bin/env bash
# Usage: scripts/quickstart.sh [--chinese] [--corpus PATH | --short] [OUTPUT_FOLDER]
# From a fresh clone to a finished report: sets the machine up, builds film, plants sentences with known answers in real
# text, trains a model of 2 million parameters to find them, and asks it about text that it has not seen. Nothing that
# is done already is done again, and what was interrupted is resumed.
#
#   --corpus PATH   your own text instead of Django's documentation: a book, or a folder of text, Markdown, JSONL or CSV
#   --chinese       Chinese text (the Debian Reference, or yours with --corpus) and Chinese planted sentences
#   --short         a smoke test of the same path: a dozen steps, which learn nothing
#
# OUTPUT_FOLDER is runs/quickstart, with --corpus runs/demo-NAME, with --chinese runs/quickstart-zh. The report is OUTPUT_FOLDER/report/report.html.
set -euo pipefail
exec </dev/null
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source-path=SCRIPTDIR source=setup/common.sh
. "$scripts/setup/common.sh"
# shellcheck source-path=SCRIPTDIR source=setup/demo.sh
. "$scripts/setup/demo.sh"
wrong_usage() {
  printf 'error: %s (scripts/quickstart.sh --help)\n' "$1" >&2
  exit 2
}
variant=full out="" corpus="" chinese=""
while (($#)); do
  case "$1" in
    --short) variant=short ;;
    --chinese) chinese=1 ;;
    --corpus)
      [[ -n "${2:-}" ]] || wrong_usage "--corpus needs a file or folder"
      [[ -e "$2" ]] || wrong_usage "there is no file or folder $2"
      variant=own corpus="$(realpath "$2")"
      shift
      ;;
    -h | --help) usage_of "${BASH_SOURCE[0]}"; exit 0 ;;
    -*) wrong_usage "unknown option '$1'" ;;
    *)
      [[ -z "$out" ]] || wrong_usage "two output folders: $out and $1"
      out="$1"
      ;;
  esac
  shift
done
[[ -z "$chinese" || "$variant" != short ]] || wrong_usage "--short has no Chinese text"
if [[ -z "$out" ]]; then
  out="$FILM_ROOT/runs/quickstart"
  [[ -z "$chinese" ]] || out="$FILM_ROOT/runs/quickstart-zh"
  [[ -z "$corpus" ]] || out="$FILM_ROOT/runs/demo-$(basename "${corpus%.*}")"
fi

times=()
# phase NAME COMMAND...: runs it and remembers how long it took.
phase() {
  local name="$1" start="$EPOCHREALTIME"
  shift
  "$@"
  times+=("$(printf '%-32s %10s' "$name" "$(seconds_since "$start")")")
}

start="$EPOCHREALTIME"
wanted=()
[[ -z "$chinese" || -n "$corpus" ]] || wanted=(--chinese)
phase "set-up" "$scripts/setup.sh" "${wanted[@]}"
phase "build" "$scripts/build.sh" release --target film
# shellcheck source=/dev/null
. "$FILM_CACHE/env.sh"
if [[ -n "$chinese" ]]; then
  demo_needles="$FILM_ROOT/configs/demo/synth_zh.json"
  corpus="${corpus:-$FILM_CORPUS_ZH/book.txt}"
fi
run_demo "$out" "$variant" "${corpus:-$FILM_CORPUS/docs}"
say ""
say "Time of each phase:"
printf '  %s\n' "${times[@]}" "$(printf '%-32s %10s' total "$(seconds_since "$start")")"
say "The report: $(realpath "$out")/report/report.html"
