# shellcheck shell=bash
# The Chinese demo corpus: the Debian Reference in simplified Chinese (0.6 MB), from Debian's package. Licence: GPL-2+, its
# copyright file is kept beside it. Only downloaded and unpacked: nothing is installed.

FILM_ZH_PACKAGE=debian-reference-zh-cn FILM_ZH_VERSION=2.100

fetch_corpus_zh() { # FOLDER
  local apt=(env "TMPDIR=$1" apt-get -q -c "$1/apt.conf")
  "${apt[@]}" update || echo "apt-get update reported errors; continuing with what it has"
  (cd "$1" && "${apt[@]}" download "$FILM_ZH_PACKAGE=$FILM_ZH_VERSION")
}

setup_corpus_zh() {
  local key folder="$FILM_CACHE/tmp/apt-zh" build="$FILM_CACHE/tmp/corpus-zh" unpacked="$FILM_CACHE/tmp/unpacked-zh"
  key="$(key_of "$FILM_SETUP/corpus_zh.sh")"
  FILM_CORPUS_ZH="$FILM_CACHE/corpus/$FILM_ZH_PACKAGE-$FILM_ZH_VERSION"
  note "Debian Reference $FILM_ZH_VERSION there"
  if ! is_complete "$FILM_CORPUS_ZH" "$key" book.txt copyright; then
    command -v apt-get >/dev/null || die "the Chinese corpus comes from a Debian package, and there is no apt-get here" \
      "name a Chinese text of your own: scripts/quickstart.sh --chinese --corpus FILE"
    write_private_apt "$folder"
    logged "apt-get download" "see the lines above, or name a text of your own: scripts/quickstart.sh --chinese --corpus FILE" \
      fetch_corpus_zh "$folder"
    dpkg-deb -x "$folder"/"$FILM_ZH_PACKAGE"_*.deb "$unpacked"
    mkdir -p "$build"
    gzip -dc "$unpacked/usr/share/debian-reference/debian-reference.zh-cn.txt.gz" >"$build/book.txt"
    cp "$unpacked/usr/share/doc/$FILM_ZH_PACKAGE/copyright" "$build/copyright"
    publish "$build" "$FILM_CORPUS_ZH" "$key"
    note "Debian Reference $FILM_ZH_VERSION unpacked"
  fi
}
