# shellcheck shell=bash
# The demo corpus: Django's documentation (6 MB of prose) and sources (code and translations into some 90 languages),
# from the source package. Licence: BSD, kept beside it.

# pip asks a source package for its metadata while downloading it, which for Django needs setuptools. A pinned copy is
# provided, so that nothing is fetched unchecked. The hash is verified before any of Django's code runs.
fetch_corpus() { # ARCHIVE_FOLDER
  local tools="$FILM_CACHE/tmp/setuptools"
  film_pip install --quiet --no-deps --no-compile --require-hashes "${FILM_WHEEL_TAGS[@]}" \
    --target "$tools" --requirement "$FILM_SETUP/requirements-sdist-tools.txt"
  PYTHONPATH="$tools${PYTHONPATH:+:$PYTHONPATH}" film_pip download --quiet --no-deps --no-build-isolation \
    --no-binary=:all: --require-hashes --dest "$1" --requirement "$FILM_SETUP/requirements-corpus.txt"
}

setup_corpus() {
  local version key archive build="$FILM_CACHE/tmp/corpus"
  version="$(version_of django requirements-corpus.txt)"
  key="$(key_of "$FILM_SETUP/requirements-corpus.txt" "$FILM_SETUP/corpus.sh")"
  FILM_CORPUS="$FILM_CACHE/corpus/django-$version"
  note "Django $version there"
  if ! is_complete "$FILM_CORPUS" "$key" docs/index.txt django/__init__.py LICENSE; then
    need_space 300 "the corpus"
    logged "fetching the corpus" "$FILM_PIP_REMEDY" fetch_corpus "$FILM_CACHE/tmp/archive"
    archive=("$FILM_CACHE"/tmp/archive/*.tar.gz)
    mkdir -p "$build"
    tar -xzf "${archive[0]}" -C "$build" --strip-components=1 --no-same-owner \
      --wildcards --exclude='*/docs/requirements.txt' \
      "django-$version/docs/*.txt" "django-$version/"{django,AUTHORS,LICENSE}
    publish "$build" "$FILM_CORPUS" "$key"
    note "Django $version unpacked"
  fi
}
