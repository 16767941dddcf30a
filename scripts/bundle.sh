#!/usr/bin/env bash
# Usage: scripts/bundle.sh [FILE.tar.gz]
# Packs what a machine with an NVIDIA GPU needs to run film and scripts/gpu_check.sh, without compiler or network: the
# program, its two libraries, the tests that need a GPU, the shared libraries that are not part of every Linux, and the
# small data of the tests. Builds the preset cuda first. Torch is not in it (2 GB, mostly CUDA's): on that machine it
# is found by FILM_TORCH_DIR or gpu_check.sh --torch, as a folder `torch` of the pinned wheel with the CUDA wheels
# beside it. With a network, pip installs them there from the two lists of the bundle:
#   pip install --no-deps --require-hashes --only-binary=:all: --python-version=3.11 --target site \
#     -r requirements-torch.txt -r requirements-cuda.txt           -> site/torch
# Without one, run that line here and carry the folder `site` (3.6 GB) along.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source-path=SCRIPTDIR source=setup/common.sh
. "$root/scripts/setup/common.sh"
case "${1:-}" in
  -h | --help) usage_of "${BASH_SOURCE[0]}"; exit 0 ;;
  -*) echo "error: unknown option '$1' (scripts/bundle.sh --help)" >&2; exit 2 ;;
esac
build="${FILM_BUNDLE_BUILD:-$root/build/cuda}" # a finished build with FILM_CUDA=ON
target="$(realpath -m "${1:-$root/build/film-bundle.tar.gz}")"
limit_mib=64
programs=(film libfilm_engine.so libfilm_cuda.so film_test_kernels film_test_model film_test_generation
  film_test_train film_bench_floors film_bench_training film_bench_generation)

if [[ -z "${FILM_BUNDLE_BUILD:-}" ]]; then
  "$root/scripts/build.sh" cuda --target film film_cuda film_test_kernels film_test_model film_test_generation \
    film_test_train film_bench_floors film_bench_training film_bench_generation
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
bundle="$work/film-bundle"
mkdir -p "$bundle/bin" "$bundle/lib" "$bundle/data"
for program in "${programs[@]}"; do
  [[ -e "$build/$program" ]] || { echo "error: $build/$program is missing" >&2; exit 1; }
  strip --strip-unneeded -o "$bundle/bin/$program" "$build/$program"
  chmod +x "$bundle/bin/$program"
done

# Shared libraries that ldd finds in the system, but for those of the C library and those that Torch brings.
ldd "$bundle"/bin/* | awk '$2 == "=>" && $3 ~ /^\/(usr\/)?lib/ { print $3 }' | sort -u | while read -r library; do
  case "$(basename "$library")" in
    libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | libresolv.so.* | libutil.so.* | ld-linux* | libgomp.so.*) ;;
    libcuda* | libcu* | libnccl* | libnv*) [[ "$library" != *libcurl* ]] || cp -L "$library" "$bundle/lib/" ;;
    *) cp -L "$library" "$bundle/lib/" ;;
  esac
done
cp -r "$root/data/parity" "$root/data/tokenizer" "$bundle/data/"
cp "$root/scripts/gpu_check.sh" "$root/scripts/gpu_check.py" "$root/scripts/gpu_peers.py" \
  "$root/scripts/setup/requirements-torch.txt" "$root/scripts/setup/requirements-cuda.txt" \
  "$bundle/"
needs="$(objdump -T "$bundle"/bin/* "$bundle"/lib/* 2>/dev/null | grep -oE 'GLIBC_[0-9.]+' | sort -Vu | tail -1)"
cat >"$bundle/README" <<EOF
film for a machine with an NVIDIA GPU. Needs: 64-bit x86 Linux with ${needs/_/ } or newer, an NVIDIA driver for CUDA 13
(580 or newer), and Torch 2.11.0 with its CUDA libraries (see requirements-*.txt and the head of gpu_check.sh).
  ./gpu_check.sh --torch /where/site/torch            every check, under nine minutes
  ./gpu_check.sh --torch /where/site/torch --quick    two minutes
  LD_LIBRARY_PATH=lib FILM_TORCH_DIR=/where/site/torch bin/film doctor
EOF
tar -C "$work" -czf "$target" film-bundle
size_mib="$(($(stat -c %s "$target") / 1048576))"
echo "$target: $size_mib MiB, needs ${needs/_/ }"
((size_mib < limit_mib)) || { echo "error: larger than $limit_mib MiB" >&2; exit 1; }
