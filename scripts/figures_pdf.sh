#!/usr/bin/env bash
# Usage: scripts/figures_pdf.sh EVAL...
# Makes a PDF of every figure of reports: EVAL/figures/NAME.svg -> EVAL/figures/NAME.pdf, fonts embedded. EVAL is a folder
# of film eval or film report. Needs rsvg-convert: apt-get install librsvg2-bin.
set -euo pipefail
case "${1:-}" in
  -h | --help) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  '' | -*) echo "error: name folders of reports (scripts/figures_pdf.sh --help)" >&2; exit 2 ;;
esac
if ! command -v rsvg-convert >/dev/null; then
  echo "error: no rsvg-convert on this machine: apt-get install librsvg2-bin" >&2
  exit 69
fi
for report in "$@"; do
  shopt -s nullglob
  figures=("$report"/figures/*.svg)
  [[ ${#figures[@]} -gt 0 ]] || { echo "error: $report/figures holds no .svg: is it a folder of film eval?" >&2; exit 66; }
  for figure in "${figures[@]}"; do
    rsvg-convert -f pdf -o "${figure%.svg}.pdf.part" "$figure"
    mv "${figure%.svg}.pdf.part" "${figure%.svg}.pdf"
  done
  echo "$report/figures: ${#figures[@]} PDF files"
done
