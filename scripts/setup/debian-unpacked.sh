# shellcheck shell=bash
# The same Debian packages without root: apt resolves, downloads and verifies them in folders of our own, and they are
# unpacked into the cache, with the few absolute paths inside them rewritten.

FILM_MULTIARCH=x86_64-linux-gnu

# apt with lists and archives of its own: the system's are root's, and may be missing or old. The hooks that are
# cleared would write to root's folders.
write_private_apt() { # FOLDER
  mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial" "$1/log"
  cat >"$1/apt.conf" <<CONF
Dir::State "$1/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$1/cache";
Dir::Log "$1/log";
Acquire::Retries "3";
APT::Sandbox::User "";
APT::Get::Show-User-Simulation-Note "0";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
}

# Downloads the packages and what they depend on beyond this system. The C library stays the system's: a second
# one on the library path would break every program.
download_closure() { # FOLDER PACKAGE=VERSION*...
  local folder="$1" apt=() closure=()
  shift
  apt=(env "TMPDIR=$folder" apt-get -q -c "$folder/apt.conf")
  "${apt[@]}" update || echo "apt-get update reported errors; continuing with what it has"
  "${apt[@]}" --simulate --no-install-recommends install "$@" >"$folder/plan.txt"
  mapfile -t closure < <(
    sed -nE 's/^Inst ([^ ]+) (\[[^]]*\] )?\(([^ ]+) .*/\1=\3/p' "$folder/plan.txt" | grep -vE '^(libc6|libc-bin)='
  )
  (cd "$folder" && "${apt[@]}" download "${closure[@]}")
}

# Development symlinks of libraries that the system itself has would dangle: point them there. pkg-config
# files name /usr as their prefix.
mend_absolute_paths() { # ROOT FINAL_ROOT
  local link target
  while read -r link; do
    target="$(readlink "$link")"
    if [[ "$target" == /* && -e "$1$target" ]]; then
      ln -sfn "$2$target" "$link"
    elif [[ "$target" != /* && -e "/usr/lib/$FILM_MULTIARCH/${target##*/}" ]]; then
      ln -sfn "/usr/lib/$FILM_MULTIARCH/${target##*/}" "$link"
    fi
  done < <(find "$1" -xtype l)
  find "$1" -name '*.pc' -type f -exec sed -i "s#=/usr#=$2/usr#" {} +
}

# A machine so bare that it lacks the certificate authorities gets the list that ca-certificates would have written.
provide_certificates() { # ROOT FINAL_ROOT
  if [[ ! -s /etc/ssl/certs/ca-certificates.crt && -d "$1/usr/share/ca-certificates" ]]; then
    find "$1/usr/share/ca-certificates" /usr/local/share/ca-certificates -name '*.crt' -exec cat {} + \
      >"$1/ca-certificates.crt" 2>/dev/null || true
    cat >>"$1/environment.sh" <<ENVIRONMENT
export SSL_CERT_FILE='$2/ca-certificates.crt' PIP_CERT='$2/ca-certificates.crt'
ENVIRONMENT
  fi
}

write_debian_environment() { # ROOT FINAL_ROOT
  local usr="$2/usr"
  cat >"$1/environment.sh" <<ENVIRONMENT
film_prepend PATH '$usr/bin'
film_prepend CMAKE_PREFIX_PATH '$usr'
film_prepend PKG_CONFIG_PATH '$usr/share/pkgconfig'
film_prepend PKG_CONFIG_PATH '$usr/lib/$FILM_MULTIARCH/pkgconfig'
film_prepend LD_LIBRARY_PATH '$2/lib/$FILM_MULTIARCH'
film_prepend LD_LIBRARY_PATH '$usr/lib/$FILM_MULTIARCH'
film_prepend CPLUS_INCLUDE_PATH '$usr/include/$FILM_MULTIARCH'
film_prepend CPLUS_INCLUDE_PATH '$usr/include'
ENVIRONMENT
}

unpack_without_root() { # PACKAGE=VERSION*...
  local key build package
  key="$(printf '%s\n' "$@" | key_of - "$FILM_SETUP/debian-unpacked.sh")"
  if ! is_complete "$FILM_DEBIAN" "$key" usr environment.sh; then
    # An unpacked compiler would also need its own C library, which only the system can provide.
    [[ " $*" != *" g++="* ]] || die "there is no C++ compiler, and without root this script cannot add one" \
      "ask the administrator for: apt-get install g++"
    detail "no root here: unpacking ${*%%=*} and what they need into $FILM_DEBIAN"
    build="$FILM_CACHE/tmp/debian"
    write_private_apt "$FILM_CACHE/tmp/apt"
    logged "apt-get download" "see the lines above, or ask the administrator for: apt-get install ${*%%=*}" \
      download_closure "$FILM_CACHE/tmp/apt" "$@"
    mkdir -p "$build"
    for package in "$FILM_CACHE"/tmp/apt/*.deb; do
      dpkg-deb -x "$package" "$build"
    done
    mend_absolute_paths "$build" "$FILM_DEBIAN"
    write_debian_environment "$build" "$FILM_DEBIAN"
    provide_certificates "$build" "$FILM_DEBIAN"
    publish "$build" "$FILM_DEBIAN" "$key"
  fi
  # shellcheck source=/dev/null
  . "$FILM_DEBIAN/environment.sh"
  # shellcheck disable=SC2034  # read by pip.sh and environment.sh
  FILM_USES_UNPACKED=1
  note "$# unpacked in $FILM_DEBIAN"
}
