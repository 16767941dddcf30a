# shellcheck shell=bash
# The main job of the quickstart. Sourced by scripts/quickstart.sh after set-up and build, with env.sh in effect.

# run_demo OUTPUT_FOLDER VARIANT: VARIANT is full, or short (a smoke test). Writes OUTPUT_FOLDER/report.html; each
# phase goes through `phase`, which times it. Every stage resumes: a second run of the same command continues where
# the first one stopped.
run_demo() {
  local out="$1" variant="$2"
  mkdir -p "$out"
  out="$(cd "$out" && pwd)"
  if [[ "$variant" == short ]]; then
    demo_data "$out" 2x16 16 2 400
    demo_train "$out" --set "stages=[$(short_stage)]"
    demo_eval "$out" 2x16 --limit 64
    return
  fi
  # segments of at least N tokens x segments in a context: the curriculum of configs/demo/train.json
  demo_data "$out" 2x16 16 2 20000
  demo_data "$out" 4x16 16 4 8000
  demo_data "$out" 8x16 16 8 6000
  demo_data "$out" 8x48 48 8 4000
  demo_data "$out" 8x128 128 8 3000
  phase "1,000 contexts of 4K-32K" demo_film synth --config "$FILM_ROOT/configs/demo/long.json" \
    --set inputs="$FILM_CORPUS/docs" --set tokenizer="$FILM_TOKENIZER" --out "$out/data/long"
  demo_train "$out"
  demo_eval "$out" 8x128 --set 'shown_data=["data/long", "data/8x128"]'
}

demo_film() { "$FILM_ROOT/build/release/film" "$@"; }

# In a subshell, so that the caller's working folder does not change.
in_folder() (
  cd "$1" || return
  shift
  "$@"
)

# demo_data OUT NAME SEGMENT_TOKENS SEGMENTS CONTEXTS: contexts with needles, and questions on all of them.
demo_data() {
  local data="$1/data/$2"
  phase "data $2" demo_film synth --config "$FILM_ROOT/configs/demo/synth.json" --set inputs="$FILM_CORPUS/docs" \
    --set tokenizer="$FILM_TOKENIZER" --set segment.tokens="$3" --set contexts.segments="$4" \
    --set contexts.train="$5" --out "$data" >"$1/$2.log"
  phase "questions $2" demo_film qa "$data" --config "$FILM_ROOT/configs/demo/qa.json" >>"$1/$2.log"
}

short_stage() {
  printf '{"name": "smoke", "data": ["data/2x16"], "batch": 8, "steps": 12, "schedule": {"peak": 5e-3}}'
}

# The settings name their data as data/NAME: both commands run in the output folder.
demo_train() {
  local out="$1"
  shift
  phase "training" in_folder "$out" demo_film train --config "$FILM_ROOT/configs/demo/train.json" \
    --set tokenizer="$FILM_TOKENIZER" --out run "$@"
}

demo_eval() {
  local out="$1" data="$2"
  shift 2
  phase "probing" in_folder "$out" demo_film eval --config "$FILM_ROOT/configs/demo/eval.json" --set model=run \
    --set "data=[\"data/$data\"]" --set document.source="$FILM_CORPUS/docs" --set code.source="$FILM_CORPUS/django" \
    --set database.source="$FILM_ROOT/data/records/elements.csv" --out report "$@"
  cp "$out/report/report.html" "$out/report.html"
}
