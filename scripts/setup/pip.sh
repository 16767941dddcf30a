# shellcheck shell=bash
# pip as a downloader of exact, hash-checked files: any Python 3 with pip will do, and none is changed by it.

# The wheels are those of CPython 3.11 on 64-bit Linux, whatever Python runs pip. Every tag up to glibc 2.28 is
# listed, because older pips do not know that a newer manylinux includes the earlier ones.
FILM_WHEEL_TAGS=(--only-binary=:all: --python-version=3.11 --implementation=cp --abi=cp311 --abi=abi3 --abi=none
  --platform=manylinux2014_x86_64 --platform=linux_x86_64)
for film_glibc in {28..17}; do
  FILM_WHEEL_TAGS+=("--platform=manylinux_2_${film_glibc}_x86_64")
done

# shellcheck disable=SC2034  # also read by corpus.sh
FILM_PIP_REMEDY="see above; if it is the network, check the proxy and pip's settings (pip config list) and try again"

# Temporary files stay on the cache's disk (torch is 1.2 GB unpacked, /tmp is often small), the user's own settings for
# environments are ignored, and pip keeps no second copy of the wheels.
film_pip() {
  local python paths="${PYTHONPATH:-}"
  if [[ -n "${FILM_USES_UNPACKED:-}" ]]; then
    paths="$FILM_DEBIAN/usr/lib/python3/dist-packages:$FILM_DEBIAN/usr/lib/python3.11"
  fi
  for python in python3 /usr/bin/python3; do
    if PYTHONPATH="$paths" "$python" -c 'import pip' 2>/dev/null; then
      PYTHONPATH="$paths" TMPDIR="$FILM_CACHE/tmp" PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_NO_INPUT=1 PIP_RETRIES=5 \
        PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_CACHE_DIR=1 "$python" -m pip "$@"
      return
    fi
  done
  die "no Python here can run pip" "install python3-pip, or put a python3 that has pip on the PATH"
}

# version_of PACKAGE FILE: the version that a requirements file pins.
version_of() { sed -n "s/^$1==\([^ ]*\).*/\1/p" "$FILM_SETUP/$2"; }

# install_wheels FOLDER KEY REQUIREMENTS: exactly the listed wheels, unpacked side by side.
install_wheels() {
  local build="$FILM_CACHE/tmp/wheels"
  rm -rf "$build"
  logged "installing $(basename "$1")" "$FILM_PIP_REMEDY" \
    film_pip install --quiet --no-deps --no-compile --require-hashes "${FILM_WHEEL_TAGS[@]}" \
    --target "$build" --requirement "$FILM_SETUP/$3"
  publish "$build" "$1" "$2"
}
