#!/usr/bin/env bash
# Usage: scripts/test.sh [ctest arguments...]
# Sets the machine up, builds the release preset and runs the tests, for example: scripts/test.sh -R tokenizer
set -euo pipefail
exec </dev/null
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source-path=SCRIPTDIR source=setup/common.sh
. "$scripts/setup/common.sh"
"$scripts/setup.sh" --tests
"$scripts/build.sh" release
# shellcheck source=/dev/null
. "$FILM_CACHE/env.sh"
cd "$FILM_ROOT"
exec ctest --preset release --output-on-failure --no-tests=error "$@"
