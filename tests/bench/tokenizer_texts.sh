#!/usr/bin/env bash
# Real text of four kinds, over 100 MB in all, for tests/bench/tokenizer.py: prose, code, tables, cjk; from Debian's packages.
#
#   tests/bench/tokenizer_texts.sh FOLDER
#
# Needs 600 MB of disk while it works and the newest of: linux-source-6.1 (documentation, its translations, C code),
# unicode-data (tables), debian-reference-* (Chinese, Japanese).
set -euo pipefail

if [[ $# -ne 1 || $1 == -* ]]; then
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | head -n 7
  [[ ${1:-} == --help || ${1:-} == -h ]] && exit 0 || exit 64
fi
mkdir -p "$1"
folder="$(cd "$1" && pwd)"
work="$folder/packages"
mkdir -p "$work"
cd "$work"

apt-get download -qq linux-source-6.1 unicode-data debian-reference-{ja,zh-cn,zh-tw}
for package in *.deb; do dpkg-deb -x "$package" .; done
linux=linux-source-6.1
tar -xJf usr/src/$linux.tar.xz $linux/{Documentation,kernel,net,mm,fs}

# gather KIND: the files named on standard input, each as a .txt of its path.
gather() {
  mkdir -p "$folder/$1"
  while IFS= read -r file; do
    target="${file//\//_}"
    case "$file" in
      *.gz) gzip -dc "$file" > "$folder/$1/${target%.gz}.txt" ;;
      *.bz2) bzip2 -dc "$file" > "$folder/$1/${target%.bz2}.txt" ;;
      *) cp "$file" "$folder/$1/$target.txt" ;;
    esac
  done
}

translations=$linux/Documentation/translations
find $linux/Documentation -name '*.rst' -not -path '*/translations/*' | gather prose
find $linux/{kernel,net,mm,fs} -name '*.[ch]' | gather code
find usr/share/unicode -name '*.txt' -o -name '*.txt.bz2' | gather tables
{
  find $translations/{zh_CN,zh_TW,ja_JP,ko_KR} -name '*.rst'
  find usr/share/debian-reference -name '*.txt.gz'
} | gather cjk

cd "$folder"
rm -r "$work"
du -sh --apparent-size prose code tables cjk
