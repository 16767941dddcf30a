# shellcheck shell=bash
# Test-only Python packages: transformers, NumPy and others that the tests compare film with. Torch is not installed
# twice: Python imports the copy that film links.

find_python_3_11() {
  local python
  for python in ${FILM_PYTHON_3_11:+"$FILM_PYTHON_3_11"} python3.11 python3 /usr/bin/python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      "$python" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  return 1
}

write_peer_launcher() { # FILE PYTHON PACKAGES STAND_INS
  cat >"$1" <<LAUNCHER
#!/bin/sh
# Written by film's scripts/setup.sh: Python with the packages that the tests compare film with.
export PYTHONPATH='$3:$(dirname "$FILM_TORCH_DIR")'
export LD_LIBRARY_PATH='$4'"\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
export HF_HUB_OFFLINE=1 USE_TF=0 USE_FLAX=0 TOKENIZERS_PARALLELISM=false
exec '$2' "\$@"
LAUNCHER
  chmod +x "$1"
}

setup_peers() {
  local folder="$FILM_CACHE/python-test" launcher="$FILM_CACHE/test-python" python key checked
  # Tests that need these packages read this variable; without it they are reported as skipped.
  FILM_TEST_PYTHON=""
  if ! python="$(find_python_3_11)"; then
    note "NOT installed, Python 3.11 is missing: tests against transformers will be reported as skipped" \
      "(install python3.11, or set FILM_PYTHON_3_11 to one)"
    return 0
  fi
  key="$(key_of "$FILM_SETUP/requirements-test.txt")"
  note "there, run by $python"
  if ! is_complete "$folder" "$key" transformers/__init__.py numpy/__init__.py pyarrow/__init__.py; then
    need_space 800 "the Python packages for the tests"
    detail "downloading transformers and other packages for the tests (120 MB; once)"
    install_wheels "$folder" "$key" requirements-test.txt
    note "installed, run by $python"
  fi
  make_stand_ins "$FILM_TORCH_DIR/lib" "$FILM_CACHE/stand-ins"
  write_peer_launcher "$launcher" "$python" "$folder" "$FILM_CACHE/stand-ins"
  # One real forward pass for each combination of these: imports alone have been known to succeed.
  checked="$(key_of "$FILM_SETUP/requirements-test.txt" "$launcher" "$FILM_CACHE/stand-ins/.film-complete")"
  if [[ ! -f "$folder/.film-checked" || "$(<"$folder/.film-checked")" != "$checked" ]]; then
    logged "checking the test packages" \
      "delete $folder and run this again; a FILM_TORCH_DIR of your own must be importable by Python 3.11" \
      "$launcher" "$FILM_SETUP/check_peers.py"
    printf '%s\n' "$checked" >"$folder/.film-checked"
  fi
  # shellcheck disable=SC2034  # read by environment.sh
  FILM_TEST_PYTHON="$launcher"
}
