# shellcheck shell=bash
# Debian packages: which are missing, and how to get them: apt-get with root, an unpacked folder without.

# Prints "package=version* kind" for each package of the list that this machine lacks.
missing_packages() {
  local package version kind unless have path=":$PATH:"
  declare -A installed
  # What an earlier run unpacked does not make the system complete.
  path="${path//":$FILM_DEBIAN/usr/bin:"/:}"
  while read -r package version; do
    installed[$package]="$version"
  done < <(dpkg-query -W -f='${db:Status-Status} ${Package} ${Version}\n' 2>/dev/null | sed -n 's/^installed //p')
  while read -r package version kind unless; do
    [[ -n "$package" && "$package" != \#* ]] || continue
    have="${installed[$package]:-}"
    if [[ -n "$have" ]]; then
      [[ "$have" == "$version"* ]] ||
        detail "note: $package $have is installed; film is tested with $version" >&2
    elif [[ -z "$unless" ]] || ! PATH="$path" bash -c "$unless" >/dev/null 2>&1; then
      printf '%s=%s* %s\n' "$package" "$version" "$kind"
    fi
  done <"$FILM_SETUP/debian-packages.txt"
}

is_debian_12() {
  [[ -r /etc/os-release ]] && (
    # shellcheck source=/dev/null
    . /etc/os-release && [[ "${ID:-}" == debian && "${VERSION_ID:-}" == 12 ]]
  )
}

# Sets the array `as_root` to the prefix of a command that runs as root; fails where root is not available.
find_root() {
  as_root=(env DEBIAN_FRONTEND=noninteractive)
  [[ -z "${FILM_NO_ROOT:-}" ]] || return 1
  [[ "$(id -u)" != 0 ]] || return 0
  sudo -n true 2>/dev/null || return 1
  as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
}

install_with_root() { # PACKAGE=VERSION*...
  local apt=("${as_root[@]}" apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300)
  detail "installing $# Debian packages: ${*%%=*}"
  # A repository unknown to film may be down; only the installation decides.
  "${apt[@]}" update >"$FILM_CACHE/log/apt-update.log" 2>&1 ||
    detail "note: apt-get update reported errors ($FILM_CACHE/log/apt-update.log)"
  logged "apt-get install" "see above; packages and versions are listed in scripts/setup/debian-packages.txt" \
    "${apt[@]}" install -y --no-install-recommends "$@"
}

setup_debian() {
  local missing=() needed=() wanted kind
  note "skipped, because FILM_SKIP_DEBIAN is set"
  [[ -z "${FILM_SKIP_DEBIAN:-}" ]] || return 0
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    die "this system is not Debian" \
      "install the packages of scripts/setup/debian-packages.txt with its package manager, then set FILM_SKIP_DEBIAN=1"
  fi
  while read -r wanted kind; do
    [[ "$kind" != tests || -n "${with_tests:-}" ]] || continue
    missing+=("$wanted")
    [[ "$kind" != needed ]] || needed+=("$wanted")
  done < <(missing_packages)

  note "all there"
  ((${#missing[@]})) || return 0
  is_debian_12 || die "this is not Debian 12, and it lacks: ${missing[*]%%=*}" \
    "install these with its package manager (versions: scripts/setup/debian-packages.txt), then set FILM_SKIP_DEBIAN=1"
  mkdir -p "$FILM_CACHE/log"
  if find_root; then
    install_with_root "${missing[@]}"
    note "${#missing[@]} installed"
  elif ((${#needed[@]})); then
    unpack_without_root "${needed[@]}"
  else
    note "all there, except optional ones: ${missing[*]%%=*}"
  fi
}
