# shellcheck shell=bash
# The main job of the quickstart. Sourced by scripts/quickstart.sh after set-up and build, with env.sh in effect.

# run_demo OUTPUT_FOLDER VARIANT: VARIANT is full (the whole story) or short (a smoke test).
# It leaves OUTPUT_FOLDER/report.html behind; each phase goes through `phase`, which times it.
run_demo() {
  local out="$1" variant="$2" film="$FILM_ROOT/build/release/film"
  detail "the $variant demo is not written yet (scripts/setup/demo.sh); this only shows that film starts"
  mkdir -p "$out"
  phase "film --version" "$film" --version
}
