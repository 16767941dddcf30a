#!/usr/bin/env bash
# Usage: scripts/film_7b_data.sh [--files N] [--from URL] [--tokenizer FILE] OUTPUT_FOLDER [SYNTH OPTIONS...]
# The contexts of the paper: fetches the realnewslike subset of C4 in its own files and makes 1.7 million contexts of it (a tenth
# of them spare), as configs/synth.json says. What is fetched already is not fetched again, half a file is continued, and film
# synth resumes. Ends with the command that says what the questions would take.
#
#   --files N         the first N of the 512 training files (about 30 MB each); fewer give fewer different documents
#   --from URL        a mirror of the folder with the files c4-train.00000-of-00512.json.gz and so on
#   --tokenizer FILE  Mistral's tokenizer.model (default: the one that scripts/setup.sh fetched)
#
# OUTPUT_FOLDER gets c4/ (the files) and data/ (the contexts). SYNTH OPTIONS are passed on: --set contexts.train=10000
set -euo pipefail
exec </dev/null
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source-path=SCRIPTDIR source=setup/common.sh
. "$scripts/setup/common.sh"
wrong_usage() {
  printf 'error: %s (scripts/film_7b_data.sh --help)\n' "$1" >&2
  exit 2
}

all_files=512 tries=6
files=$all_files tokenizer="" out="" options=()
from="https://huggingface.co/datasets/allenai/c4/resolve/main/realnewslike"
while (($#)); do
  case "$1" in
    --files | --from | --tokenizer)
      [[ -n "${2:-}" ]] || wrong_usage "$1 needs a value"
      case "$1" in
        --files) files="$2" ;;
        --from) from="${2%/}" ;;
        --tokenizer) tokenizer="$2" ;;
      esac
      shift
      ;;
    -h | --help) usage_of "${BASH_SOURCE[0]}"; exit 0 ;;
    *)
      if [[ -n "$out" ]]; then
        options=("$@")
        break
      fi
      [[ "$1" != -* ]] || wrong_usage "unknown option '$1' before the output folder"
      out="$1"
      ;;
  esac
  shift
done
[[ -n "$out" ]] || wrong_usage "name an output folder"
if [[ ! "$files" =~ ^[1-9][0-9]{0,2}$ ]] || ((files > all_files)); then
  wrong_usage "--files is a number from 1 to $all_files, got '$files'"
fi

film="${FILM_PROGRAM:-$FILM_ROOT/build/release/film}"
if [[ ! -x "$film" ]]; then
  "$scripts/setup.sh"
  "$scripts/build.sh" release --target film
fi
if [[ -z "$tokenizer" && -f "$FILM_CACHE/env.sh" ]]; then
  # shellcheck source=/dev/null
  . "$FILM_CACHE/env.sh"
  tokenizer="${FILM_TOKENIZER:-}"
fi
[[ -f "$tokenizer" ]] || die "there is no tokenizer '$tokenizer'" "run scripts/setup.sh, or name one with --tokenizer FILE"

# fetch NAME: FOLDER/NAME appears when it is whole. A part that a broken connection or a stopped run left is continued; one
# that is not the beginning of the file is thrown away once.
fetch() {
  local file="$out/c4/$1" part="$out/c4/$1.part" try status
  [[ ! -s "$file" ]] || return 0
  for ((try = 1; try <= tries; ++try)); do
    status=0
    curl --fail --silent --show-error --location --connect-timeout 30 --speed-limit 1000 --speed-time 60 \
      --continue-at - --output "$part" "$from/$1" || status=$?
    if gzip -t "$part" 2>/dev/null; then
      mv "$part" "$file"
      return
    fi
    # 22: the server refused, which may be a part longer than the file; 0: whole, and no gzip file.
    if ((status == 0 || status == 22)); then
      rm -f "$part"
      ((try < 3)) || break
    fi
    sleep "$((try * ${FILM_RETRY_SECONDS:-5}))"
  done
  die "$from/$1 could not be fetched" "run the same command again later, or name a mirror with --from URL"
}

mkdir -p "$out/c4"
out="$(cd "$out" && pwd)"
start="$EPOCHREALTIME"
for ((i = 0; i < files; ++i)); do
  name="$(printf 'c4-train.%05d-of-%05d.json.gz' "$i" "$all_files")"
  fetch "$name"
  printf '%s of %s files, %s, %s\n' "$((i + 1))" "$files" "$(du -sh "$out/c4" | cut -f1)" "$(seconds_since "$start")"
done
inputs=()
for ((i = 0; i < files; ++i)); do
  inputs+=("$out/c4/$(printf 'c4-train.%05d-of-%05d.json.gz' "$i" "$all_files")")
done
"$film" synth "${inputs[@]}" --config "$FILM_ROOT/configs/synth.json" --tokenizer "$tokenizer" --out "$out/data" "${options[@]}"
say ""
say "The questions are written by a model that you name. What it would be asked, before anything is sent:"
say "  film qa $out/data --config $FILM_ROOT/configs/qa_endpoint.json --dry-run"
