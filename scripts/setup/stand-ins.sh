# shellcheck shell=bash
# Importing torch in Python loads its CUDA half too, even where only the CPU is used, and that half names ten vendor
# libraries (2.4 GB, 1.7 GB to download). The tests never call them. For each one that this machine lacks, a stand-in
# of a few kilobytes offers the symbols that the loader asks for; calling one ends the program. Only the launcher of
# the tests' Python sees these; film itself never does.

missing_vendor_libraries() { # TORCH_LIB
  ldd "$1/libtorch_python.so" 2>/dev/null | sed -n 's/^[[:space:]]*\(lib[^ ]*\) => not found/\1/p' | sort -u
}

# Symbols that torch wants of one library: by its version name if it has one, else by the library's own prefix.
wanted_symbols() { # LIBRARY VERSION < "symbol@version" lines
  local stem="${1#lib}"
  awk -v version="@$2" -v prefix="^${stem%%.*}" '
    substr($0, length($0) - length(version) + 1) == version { print substr($0, 1, length($0) - length(version)); next }
    index($0, "@") == 0 && tolower($0) ~ tolower(prefix)'
}

build_stand_in() { # LIBRARY UNDEFINED_SYMBOLS FOLDER
  local version="$1" symbol
  [[ "$1" != libnvshmem_host.* ]] || version=NVSHMEM
  printf '%s { global: *; };\n' "$version" >"$3/map"
  {
    echo 'static void never_called(void) { __builtin_trap(); }'
    while read -r symbol; do
      echo "void $symbol(void) __attribute__((alias(\"never_called\")));"
    done < <(wanted_symbols "$1" "$version" <"$2")
  } | "${CC:-gcc}" -shared -fPIC -nostdlib -w "-Wl,-soname,$1" "-Wl,--version-script=$3/map" -o "$3/$1" -x c -
}

build_stand_ins() { # TORCH_LIB FOLDER LIBRARY...
  local torch_lib="$1" folder="$2" library
  shift 2
  mkdir -p "$folder"
  for library in libtorch_nvshmem libtorch_cuda libtorch_python libc10_cuda; do
    nm -D --undefined-only "$torch_lib/$library.so"
  done | awk '{ print $2 }' | sort -u >"$folder/undefined"
  for library in "$@"; do
    build_stand_in "$library" "$folder/undefined" "$folder"
  done
  rm "$folder/undefined" "$folder/map"
}

make_stand_ins() { # TORCH_LIB FOLDER
  local key missing
  mapfile -t missing < <(missing_vendor_libraries "$1")
  key="$(printf '%s\n' "$1" "${missing[@]}" | key_of - "$FILM_SETUP/stand-ins.sh")"
  if ! is_complete "$2" "$key"; then
    rm -rf "$FILM_CACHE/tmp/stand-ins"
    mkdir -p "$FILM_CACHE/tmp/stand-ins"
    if ((${#missing[@]})); then
      logged "building stand-ins" "the tests' Python needs gcc and nm (packages g++ and binutils)" \
        build_stand_ins "$1" "$FILM_CACHE/tmp/stand-ins" "${missing[@]}"
    fi
    publish "$FILM_CACHE/tmp/stand-ins" "$2" "$key"
  fi
}
