#!/bin/sh
# pack.sh --pack DIR [--variant LIST] [--lang tr|en]: writes the tree that students get. LIST names the homeworks to give in their
# variant, such as 2,4, or all. With --lang tr the stubs' comments are Turkish.
set -euf
here=$(cd "$(dirname "$0")" && pwd)
tree="$here/.."
target="" variants="" language=en
usage="usage: ./go homework --pack DIR [--variant LIST] [--lang tr|en]"
while [ $# -gt 0 ]; do
  case "$1" in
    --pack) target="${2:?--pack needs a folder}"; shift ;;
    --variant) variants="${2:?--variant needs numbers, such as 2,4, or all}"; shift ;;
    --lang) language="${2:-}"; shift ;;
    *) echo "$usage" >&2; exit 2 ;;
  esac
  shift
done
case "$language" in tr | en) ;; *) echo "$usage" >&2; exit 2 ;; esac
[ "$variants" != all ] || variants="1 2 3 4 5"
variants=$(echo "$variants" | tr ',' ' ')
for number in $variants; do
  case "$number" in [1-5]) ;; *) echo "there is no variant $number: they are 1 to 5" >&2; exit 2 ;; esac
done
[ -n "$target" ] || { echo "$usage" >&2; exit 2; }
case "$target" in /*) ;; *) target="${DAMLA_FROM:-$PWD}/$target" ;; esac
if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
  echo "$target is not empty" >&2
  exit 2
fi
mkdir -p "$target"
set +f
cp -R "$tree"/[1-5]_*.hpp "$tree"/CMakeLists.txt "$tree"/grade "$tree"/answers "$tree"/.gitignore "$tree"/.github "$target"
for number in $variants; do
  cp "$tree"/variants/"$number"_*.hpp "$target"
  echo "$number" >>"$target/variant"
done
if [ "$language" = tr ]; then
  echo tr >"$target/language"
  for stub in "$target"/[1-5]_*.hpp; do
    awk -f "$here/turkish.awk" "$here/turkish.txt" "$stub" >"$target/turkish"
    mv "$target/turkish" "$stub"
  done
fi
# What the page tells students, with the page's first heading.
awk 'FNR == 1 { print; next } /^## / { inside = ++headings == 1; next } inside && !/^<!-- from/' "$here/../../../docs/$language/homework.md" |
  sed 's/\[\([^]]*\)\]([^)]*)/\1/g' >"$target/README.md"
echo "written to $target"
