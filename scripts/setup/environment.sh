# shellcheck shell=bash
# Writes env.sh, which a user or a script sources to use what was set up.

# film_prepend VARIABLE FOLDER: once, at the front. Copied into env.sh, hence POSIX shell only.
film_prepend() {
  eval "film_value=\${$1:-}"
  # shellcheck disable=SC2154  # film_value is set by the line above
  case ":$film_value:" in
    *":$2:"*) ;;
    *) eval "export $1=\"\$2\${film_value:+:\$film_value}\"" ;;
  esac
  unset film_value
}

write_environment() {
  local file="$FILM_CACHE/env.sh"
  {
    echo "# Written by film's scripts/setup.sh; source it in a POSIX shell."
    declare -f film_prepend
    printf "export %s='%s'\n" FILM_TORCH_DIR "$FILM_TORCH_DIR" FILM_TOKENIZER "$FILM_TOKENIZER" \
      FILM_CORPUS "$FILM_CORPUS"
    if [[ -n "${FILM_CORPUS_ZH:-}" ]]; then
      printf "export FILM_CORPUS_ZH='%s'\n" "$FILM_CORPUS_ZH"
    fi
    if [[ -n "${FILM_TEST_PYTHON:-}" ]]; then
      printf "export FILM_TEST_PYTHON='%s'\n" "$FILM_TEST_PYTHON"
    fi
    if [[ -n "${FILM_USES_UNPACKED:-}" ]]; then
      cat "$FILM_DEBIAN/environment.sh"
    fi
  } >"$file.new"
  mv "$file.new" "$file"
}
