#!/usr/bin/env bash
# Usage: scripts/setup/lock.sh
# For maintainers: writes requirements-*.txt, with the hash of every file, from the versions in pins.txt. pip resolves
# for CPython 3.11 on 64-bit Linux; only the test packages bring dependencies along.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
# shellcheck source-path=SCRIPTDIR source=pip.sh
. "$here/pip.sh"
case "${1:-}" in -h | --help) usage_of "${BASH_SOURCE[0]}"; exit 0 ;; esac
lock_cache

pins_of() { sed -n "s/^$1  *//p" "$here/pins.txt"; }

# resolve PIP_OPTION...: prints "name==version --hash=sha256:..." for each file that pip would install.
resolve() {
  rm -f "$FILM_CACHE/tmp/report.json"
  film_pip install --quiet --dry-run --ignore-installed --report "$FILM_CACHE/tmp/report.json" "$@" >&2 || return 1
  python3 - "$FILM_CACHE/tmp/report.json" <<'PYTHON'
import json, sys
for item in json.load(open(sys.argv[1]))["install"]:
    name = item["metadata"]["name"].lower().replace("_", "-")
    digest = item["download_info"]["archive_info"]["hashes"]["sha256"]
    print(f"{name}=={item['metadata']['version']} --hash=sha256:{digest}")
PYTHON
}

write() { # GROUP < lines
  { echo "# Written by scripts/setup/lock.sh from pins.txt." && sort -u; } >"$FILM_CACHE/tmp/locked"
  cp "$FILM_CACHE/tmp/locked" "$here/requirements-$1.txt"
  say "requirements-$1.txt: $(grep -c -- --hash "$here/requirements-$1.txt") files"
}

wheels=("${FILM_WHEEL_TAGS[@]}" --target "$FILM_CACHE/tmp/unused")
for group in torch cuda nvcc tokenizer sdist-tools; do
  mapfile -t pins < <(pins_of "$group")
  lines="$(resolve --no-deps "${wheels[@]}" "${pins[@]}")"
  write "$group" <<<"$lines"
done
mapfile -t pins < <(pins_of corpus)
lines="$(resolve --no-deps --no-binary=:all: "${pins[@]}")"
write corpus <<<"$lines"

mapfile -t pins < <(pins_of test)
mapfile -t alone < <(pins_of test-alone)
lines="$(resolve "${wheels[@]}" "${pins[@]}")"
more="$(resolve --no-deps "${wheels[@]}" "${alone[@]}")"
write "test" <<<"$lines"$'\n'"$more"
