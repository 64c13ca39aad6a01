#!/bin/sh
# pack.sh --pack DIR [--variant LIST]: writes the tree that students get. LIST names the homeworks to give in their variant,
# such as 2,4, or all.
set -euf
here=$(cd "$(dirname "$0")" && pwd)
tree="$here/.."
target="" variants=""
while [ $# -gt 0 ]; do
  case "$1" in
    --pack) target="${2:?--pack needs a folder}"; shift ;;
    --variant) variants="${2:?--variant needs numbers, such as 2,4, or all}"; shift ;;
    *) echo "usage: ./go homework --pack DIR [--variant LIST]" >&2; exit 2 ;;
  esac
  shift
done
[ "$variants" != all ] || variants="1 2 3 4 5"
variants=$(echo "$variants" | tr ',' ' ')
for number in $variants; do
  case "$number" in [1-5]) ;; *) echo "there is no variant $number: they are 1 to 5" >&2; exit 2 ;; esac
done
[ -n "$target" ] || { echo "usage: ./go homework --pack DIR [--variant LIST]" >&2; exit 2; }
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
echo "written to $target"
