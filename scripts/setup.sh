#!/usr/bin/env bash
# Usage: scripts/setup.sh [--tests] [--cuda] [--chinese]
#
# Makes this machine able to build and run film: Debian packages, LibTorch, the tokenizer, the demo corpus and, with
# --tests, the Python packages that the tests compare film with. Everything is pinned by version, and what comes from
# PyPI by hash too. --cuda adds what Torch needs to use an NVIDIA GPU (1.7 GB), and nvcc where there is none,
# --chinese a Chinese text for the quickstart. A second run finds everything installed and takes about a second. At the end:
#   . ~/.cache/film/env.sh
#
# Environment:
#   XDG_CACHE_HOME   where film/ is kept (default ~/.cache)
#   FILM_TORCH_DIR   a LibTorch of your own to use: a folder with include/ and lib/. Remembered; set it empty to undo.
#   FILM_NO_ROOT     set: change nothing outside the cache folder, even where root is available
#   FILM_SKIP_DEBIAN set: you install the packages of scripts/setup/debian-packages.txt yourself
#   FILM_PYTHON_3_11 the Python 3.11 to use for --tests, where it is not on the PATH
set -euo pipefail
exec </dev/null
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for part in common debian debian-unpacked pip torch tokenizer corpus corpus_zh peers stand-ins environment; do
  # shellcheck source=/dev/null
  . "$scripts/setup/$part.sh"
done
with_tests="" with_cuda="" with_chinese=""
for argument in "$@"; do
  case "$argument" in
    --tests) with_tests=1 ;;
    --cuda) with_cuda=1 ;;
    --chinese) with_chinese=1 ;;
    -h | --help) usage_of "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "error: unknown argument '$argument' (there are --tests, --cuda and --chinese)" >&2; exit 2 ;;
  esac
done

start="$EPOCHREALTIME"
lock_cache
say "Setting up film in $FILM_CACHE"
step "Debian packages" setup_debian
step "LibTorch" setup_torch
if [[ -n "$with_cuda" ]]; then
  step "CUDA for Torch" setup_cuda
fi
step "Tokenizer" setup_tokenizer
step "Corpus" setup_corpus
if [[ -n "$with_chinese" ]]; then
  step "Chinese corpus" setup_corpus_zh
fi
if [[ -n "$with_tests" ]]; then
  step "Test packages" setup_peers
elif [[ -x "$FILM_CACHE/test-python" ]]; then
  # shellcheck disable=SC2034  # read by environment.sh
  FILM_TEST_PYTHON="$FILM_CACHE/test-python"
fi
write_environment
say "Set up in $(seconds_since "$start"). To use film from this shell: . $FILM_CACHE/env.sh"
