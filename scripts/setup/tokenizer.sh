# shellcheck shell=bash
# The tokenizer of Mistral 7B: one SentencePiece model, which Mistral ships inside its own Python package.

setup_tokenizer() {
  local version folder key
  version="$(version_of mistral-common requirements-tokenizer.txt)"
  folder="$FILM_CACHE/mistral-common-$version"
  key="$(key_of "$FILM_SETUP/requirements-tokenizer.txt")"
  FILM_TOKENIZER="$folder/mistral_common/data/tokenizer.model.v1"
  note "mistral-common $version there"
  if ! is_complete "$folder" "$key" "${FILM_TOKENIZER#"$folder/"}"; then
    need_space 200 "mistral-common $version"
    install_wheels "$folder" "$key" requirements-tokenizer.txt
    note "mistral-common $version installed"
  fi
}
