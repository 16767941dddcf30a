#!/usr/bin/env bash
# Usage: scripts/test.sh [arguments of ctest...]
# Sets the machine up, builds the release preset and runs the tests: all, or those that ctest's arguments choose, for
# example: scripts/test.sh -R tokenizer
set -euo pipefail
exec </dev/null
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source-path=SCRIPTDIR source=setup/common.sh
. "$scripts/setup/common.sh"
case "${1:-}" in -h | --help) usage_of "${BASH_SOURCE[0]}"; exit 0 ;; esac
"$scripts/setup.sh" --tests
"$scripts/build.sh" release
# shellcheck source=/dev/null
. "$FILM_CACHE/env.sh"
cd "$FILM_ROOT"
exec ctest --preset release --output-on-failure --no-tests=error "$@"
