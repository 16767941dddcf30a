# shellcheck shell=bash
# LibTorch: the C++ libraries and headers inside the PyPI wheel of torch. Its CUDA run-time and CUPTI are the two
# vendor libraries without which libtorch_cpu.so does not load; they must be beside it.

# Prints the user's own copy, if one is asked for now or was in an earlier run (it is kept in torch-dir until
# FILM_TORCH_DIR names another or is set empty). Our own path in that variable only means that env.sh was sourced.
torch_of_the_user() { # OUR_PATH
  if [[ -n "${FILM_TORCH_DIR+set}" ]]; then
    [[ "$FILM_TORCH_DIR" == "$1" ]] || printf '%s' "$FILM_TORCH_DIR"
  elif [[ -f "$FILM_CACHE/torch-dir" ]]; then
    cat "$FILM_CACHE/torch-dir"
  fi
}

torch_version() { # TORCH_FOLDER
  sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\)$/\2/p' \
    "$1/include/torch/headeronly/version.h" 2>/dev/null | paste -sd. || true
}

use_torch_of_the_user() { # PINNED_VERSION
  local found
  [[ -e "$FILM_TORCH_DIR/lib/libtorch_cpu.so" ]] || die "FILM_TORCH_DIR=$FILM_TORCH_DIR has no lib/libtorch_cpu.so" \
    "set it to a folder with include/ and lib/, or to nothing (FILM_TORCH_DIR=) for the pinned one"
  printf '%s\n' "$FILM_TORCH_DIR" >"$FILM_CACHE/torch-dir"
  found="$(torch_version "$FILM_TORCH_DIR")"
  note "${found:-version unknown}, your copy in $FILM_TORCH_DIR"
  if [[ "$found" != "$1" ]]; then
    note "${found:-version unknown}, your copy in $FILM_TORCH_DIR; film is tested with $1"
  fi
}

setup_torch() {
  local version folder key
  version="$(version_of torch requirements-torch.txt)"
  folder="$FILM_CACHE/torch-$version"
  key="$(key_of "$FILM_SETUP/requirements-torch.txt")"
  FILM_TORCH_DIR="$(torch_of_the_user "$folder/torch")"
  if [[ -n "$FILM_TORCH_DIR" ]]; then
    use_torch_of_the_user "$version"
    return
  fi
  rm -f "$FILM_CACHE/torch-dir"
  FILM_TORCH_DIR="$folder/torch"
  note "$version there"
  if ! is_complete "$folder" "$key" torch/lib/libtorch_cpu.so torch/include/ATen/ATen.h nvidia/cu13/lib; then
    [[ "$(uname -sm)" == "Linux x86_64" ]] || die "the pinned torch is for 64-bit x86 Linux, not $(uname -sm)" \
      "set FILM_TORCH_DIR to a LibTorch built for this machine"
    need_space 2500 "torch $version"
    detail "downloading torch $version (544 MB, 1.2 GB unpacked; once)"
    install_wheels "$folder" "$key" requirements-torch.txt
    note "$version installed"
  fi
}

# The CUDA libraries that libtorch_cuda.so looks for, beside torch where its RPATH finds them.
setup_cuda() {
  note "there"
  beside_torch cuda nvidia/cudnn/lib "Torch's CUDA libraries (1.7 GB, 2.4 GB unpacked; once)"
  if ! command -v nvcc >/dev/null; then
    beside_torch nvcc nvidia/cu13/bin/nvcc "nvcc (100 MB, 250 MB unpacked; once)"
  fi
}

# beside_torch GROUP FILE WHAT: the wheels of requirements-GROUP.txt, linked beside torch.
beside_torch() {
  local folder="$FILM_CACHE/$1-wheels" key beside
  key="$(key_of "$FILM_SETUP/requirements-$1.txt")"
  beside="$(dirname "$FILM_TORCH_DIR")/nvidia"
  if ! is_complete "$folder" "$key" "$2"; then
    need_space 6000 "$3"
    detail "downloading $3"
    install_wheels "$folder" "$key" "requirements-$1.txt"
    note "installed"
  fi
  if [[ ! -e "$beside/${2#nvidia/}" ]]; then
    # Links, not copies: the same files under two names, on the disk of the cache.
    cp -rln "$folder/nvidia/." "$beside" || die "cannot put the CUDA libraries into $beside" \
      "unset FILM_TORCH_DIR to use film's own torch, or pip install them beside yours (requirements-cuda.txt)"
  fi
}
