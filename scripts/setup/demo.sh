# shellcheck shell=bash
# The main job of the quickstart. Sourced by scripts/quickstart.sh after set-up and build, with env.sh in effect.

demo_needles="$FILM_ROOT/configs/demo/synth.json" # settings of film synth: the sentences to plant

# run_demo OUTPUT_FOLDER VARIANT CORPUS: VARIANT is full, own (planted sentences in the corpus of a user; no other
# probes), or short (a smoke test); `chinese` is not empty for Chinese needles. Writes OUTPUT_FOLDER/report/report.html; each phase goes through `phase`, which times
# it. Every stage resumes: a second run of the same command continues where the first one stopped.
run_demo() {
  local out="$1" variant="$2"
  local corpus="$3" synth=() # read by demo_data
  local other_probes=(--set document.source="$FILM_CORPUS/docs" --set code.source="$FILM_CORPUS/django"
    --set database.source="$FILM_ROOT/data/records/elements.csv")
  mkdir -p "$out"
  out="$(cd "$out" && pwd)"
  if [[ "$variant" == short ]]; then
    demo_data "$out" 2x16 16 2 400
    demo_train "$out" --set "stages=[$(short_stage)]"
    demo_eval "$out" 2x16 --set model=run --limit 64 --set 'tasks=["in2", "document", "code", "database"]' \
      "${other_probes[@]}"
    return
  fi
  if [[ "$variant" == own ]]; then
    own_demo
  else
    full_demo
  fi
}

# segments of at least N tokens x segments in a context: the curriculum of configs/demo/train.json
own_demo() {
  # A folder of a few long texts gives each split documents enough only when these are cut.
  local synth=(--set cut.when=longer)
  demo_data "$out" 2x16 16 2 20000
  demo_data "$out" 4x16 16 4 8000
  demo_data "$out" 8x16 16 8 6000
  demo_data "$out" 8x48 48 8 4000
  demo_data "$out" 8x128 128 8 3000
  demo_train "$out"
  demo_eval "$out" 8x128 --set model=run --set 'tasks=["in2"]' --set title="$(basename "$corpus")"
}

# A base whose evidence stands at the ends of the context; the same further steps with evidence everywhere alike (IN2) and
# at the ends still (control); all three are asked at every position. Long contexts are of about 4,500 tokens, 16
# segments; in Chinese of half as many, since the needles have 8 attributes, and no context has one of them twice.
full_demo() {
  local long=(256 16) questions=4 splits=(--set split.train=0.75 --set split.validation=0 --set split.test=0.25)
  local asked=(--set 'shown_data=["data/ends-long", "data/in2-long", "data/long"]' "${other_probes[@]}")
  if [[ -n "$chinese" ]]; then
    long=(256 8) questions=2 asked=(--set 'shown_data=["data/ends-long", "data/in2-long"]' --set 'tasks=["in2"]')
    splits+=(--set cut.when=longer) # one book
  fi
  splits+=(--set contexts.validation=0)
  local trained=("${splits[@]}" --set contexts.test=0) probed=("${splits[@]}" --set contexts.test=112)
  local synth=("${trained[@]}")
  demo_data "$out" 2x16 16 2 20000 # of two positions each is an end
  synth=("${trained[@]}" --set 'contexts.position_weights=[1, 0, 0, 0, 0, 0, 0, 1]' --set contexts.questions_per_context=2)
  demo_data "$out" ends-4x16 16 4 8000
  demo_data "$out" ends-8x16 16 8 6000
  synth+=(--set contexts.questions_per_context="$questions")
  demo_data "$out" ends-long "${long[@]}" 3000
  synth+=(--set 'contexts.position_weights=[1]')
  demo_data "$out" in2-long "${long[@]}" 3000
  synth=("${probed[@]}" --set contexts.questions_per_context=8) # of 16 segments the others are fillers of the factorial
  demo_data "$out" probe-long "${long[@]}" 0
  [[ -n "$chinese" ]] || long_contexts
  say "Training the base: evidence at the ends of the context"
  phase "training, base" in_folder "$out" demo_film train --config "$FILM_ROOT/configs/demo/base.json" \
    --set tokenizer="$FILM_TOKENIZER" --out base
  say "The same further steps, both at a time: evidence everywhere alike (in2), evidence at the ends still (control.log)"
  phase "training, control and in2" train_further "$out"
  demo_eval "$out" probe-long base control in2 --title "A model that loses the middle, and finds it again" "${asked[@]}"
}

long_contexts() {
  say "Data long: 1,000 contexts of 4K to 32K tokens"
  phase "1,000 contexts of 4K-32K" demo_film synth --config "$FILM_ROOT/configs/demo/long.json" \
    --set inputs="$corpus" --set tokenizer="$FILM_TOKENIZER" --out "$out/data/long"
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
  say "Data $2: contexts of $4 segments of at least $3 tokens"
  phase "data $2" demo_film synth --config "$demo_needles" --set inputs="$corpus" \
    --set tokenizer="$FILM_TOKENIZER" --set segment.tokens="$3" --set contexts.segments="$4" \
    --set contexts.train="$5" "${synth[@]}" --out "$data" >"$1/$2.log"
  phase "questions $2" demo_film qa "$data" --config "$FILM_ROOT/configs/demo/qa.json" >>"$1/$2.log"
}

short_stage() {
  printf '{"name": "smoke", "data": ["data/2x16"], "batch": 8, "steps": 12, "schedule": {"peak": 5e-3}}'
}

# The settings name their data as data/NAME: both commands run in the output folder.
demo_train() {
  local out="$1"
  shift
  say "Training"
  phase "training" in_folder "$out" demo_film train --config "$FILM_ROOT/configs/demo/train.json" \
    --set tokenizer="$FILM_TOKENIZER" --out run "$@"
}

# train_further OUT: control and in2 from the base, each with half of the cores: together they are done sooner than one after
# the other with all. In a subshell, whose end ends both.
train_further() (
  cd "$1" || return
  further=("$FILM_ROOT/build/release/film" train --config "$FILM_ROOT/configs/demo/further.json" --model base
    --tokenizer "$FILM_TOKENIZER" --threads $((($(nproc) + 1) / 2)))
  "${further[@]}" data/ends-long --out control >control.log 2>&1 &
  trap 'kill "$!" 2>/dev/null || true' EXIT
  "${further[@]}" data/in2-long --out in2
  wait "$!" || {
    status=$?
    cat control.log >&2
    exit "$status"
  }
)

# demo_eval OUT DATA ARGUMENT...: which models, and what else than the settings of configs/demo/eval.json.
demo_eval() {
  local out="$1" data="$2"
  shift 2
  say "Asking"
  phase "probing" ask_models "$out" --set "data=[\"data/$data\"]" --out "$out/report" "$@"
}

ask_models() {
  local out="$1"
  shift
  in_folder "$out" demo_film eval --config "$FILM_ROOT/configs/demo/eval.json" "$@" |
    sed '/^report: /d' # quickstart.sh ends with it
}
