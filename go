#!/bin/sh
# The one command: installs what is missing and does the job. A thin script over the CMake presets, which work alone too.
set -eu
from="$PWD"
cd "$(dirname "$0")"

help() {
  cat <<'TXT'
./go tour [--fast] [--seed N] [--seeds N] [--threads N] [--lang tr|en] [LESSON …]   build and run the lessons, write out/index.html
./go install [--prefix DIR]          build the damla program for this machine and install it (~/.local)
./go deb             build a package of the program and the library for Debian and Ubuntu, in build/
./go test            build and run all tests
./go debug           the same, less optimised and with more checks, as for homeworks (build/debug)
./go step [LESSON]   build the lessons for following the formulas in a debugger (build/step); start gdb with one of them
./go asan            the same under the address and undefined-behaviour sanitizers
./go tsan            the same under the thread sanitizer
./go fuzz [--seconds N] [TARGET …]   feed readers and tokenizers with odd bytes, N seconds each (tests/fuzz, needs clang)
./go arm             the tests for 64-bit ARM, cross-compiled and run under qemu; ./go windows: with MinGW under wine (Debian)
./go bench [--quick] [--only PART,…]  measure beside PyTorch (installs python3-torch): a table, a chart and all figures in out/bench
./go site [--check]  the pages to read in a browser, without network: out/site; with --check, its tests in Chromium, too (Debian)
./go pictures [NUMBER …]             draw the pages' pictures from what the lessons measure, which run where that is missing
./go notebook        the lessons live in Jupyter; --check [--fast] [NUMBER …] runs them instead
./go playground [--check]            the library in the browser: out/playground.html; with --check, its tests in Chromium, too (Debian)
./go slides [--check]                the talk as one page, with speaker's notes: out/slides.html; with --check, its tests in Chromium, too
./go homework --pack DIR [--variant 2,4] [--lang tr]   write the folder that students get
./go format [--check]                                  lay out all sources as .clang-format says, or only check it
./go tidy            look for faults in include/ and src/ with clang-tidy (.clang-tidy names the checks)
./go clean           remove build/ and out/
TXT
}

packages="g++ cmake ninja-build pkg-config libeigen3-dev libfmt-dev catch2 nlohmann-json3-dev libcli11-dev libutf8proc-dev libopenmpi-dev openmpi-bin gnuplot-nox fonts-dejavu-core"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else echo "This needs root, and there is no sudo: $*" >&2; return 1; fi
}

from_apt() {
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

have_tools() { { command -v cmake && command -v ninja && command -v c++; } >/dev/null 2>&1; }

# Debian and Ubuntu, or macOS; anything else is told what to install.
install() {
  if command -v apt-get >/dev/null 2>&1; then
    missing=""
    for p in "$@"; do
      dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
    done
    if [ -n "$missing" ]; then
      echo "installing:$missing"
      # shellcheck disable=SC2086 — a list of words
      if ! from_apt $missing; then
        have_tools || { wanted >&2; exit 1; }
        echo "not installed:$missing. Going on: CMake downloads libraries, and without gnuplot no picture is drawn." >&2
      fi
    fi
  elif command -v brew >/dev/null 2>&1; then
    for p in cmake ninja pkg-config eigen fmt catch2 nlohmann-json cli11 utf8proc gnuplot; do
      brew list "$p" >/dev/null 2>&1 || brew install --quiet "$p"
    done
  elif ! have_tools; then
    wanted >&2
    exit 1
  fi
  version=$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*//p')
  case "$version" in
    2.* | 3.[0-9].* | 3.1?.* | 3.2[0-4].*) echo "CMake 3.25 is needed, but $(command -v cmake) is $version." >&2; wanted >&2; exit 1 ;;
  esac
}

wanted() {
  cat <<'TXT'
Please install a C++20 compiler, CMake 3.25 and Ninja; and, where your system has them, Eigen 3.4, fmt, Catch2, nlohmann-json,
CLI11 and utf8proc (CMake downloads those that are missing) and gnuplot (it draws the pictures). Then:
  cmake --workflow --preset test     builds all and runs the tests
  cmake --workflow --preset tour     builds the lessons: build/release/examples/01_rap_or_arabesk
TXT
}

# A build folder that was made in another place, or with another compiler than CXX names, is made anew.
fresh() {
  cache="build/$1/CMakeCache.txt"
  [ -f "$cache" ] || return 0
  place=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$cache")
  compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$cache")
  if { [ "$place" != "$PWD" ] && [ "$place" != "$(pwd -P)" ]; } ||
     { [ -n "${CXX:-}" ] && [ "$compiler" != "$(command -v "$CXX")" ]; }; then
    echo "build/$1 was made in another place or with another compiler: it is made anew"
    rm -rf "build/$1"
  fi
}

# arm, windows: cross-compiled with Debian's packages.
cross() {
  command -v apt-get >/dev/null 2>&1 || { echo "./go $1 needs the cross compilers of Debian or Ubuntu." >&2; exit 1; }
  if [ "$1" = arm ]; then
    dpkg --print-foreign-architectures | grep -qx arm64 || as_root dpkg --add-architecture arm64
    install $packages g++-aarch64-linux-gnu qemu-user libfmt-dev:arm64 libutf8proc-dev:arm64
  else
    install $packages g++-mingw-w64-x86-64-posix wine wine64
    export WINEPREFIX="$PWD/build/wine" WINEDEBUG=-all
    mkdir -p build
  fi
  fresh "$1"
  cmake --workflow --preset "$1"
}

refuse() {
  echo "./go: $1" >&2
  help >&2
  exit 2
}

whole() { case "${2:-}" in '' | *[!0-9]*) refuse "$1 needs a whole number" ;; esac; }

# tour [--fast] [--seed N] [--seeds N] [--threads N] [--lang tr|en] [LESSON …]: every lesson runs even when one fails.
tour() {
  options="" seed=1 seeds=1 lessons="" language=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --fast) options="$options --fast" ;;
      --seed) whole "$@"; seed="$2"; shift ;;
      --seeds) whole "$@"; seeds="$2"; shift ;;
      --threads) whole "$@"; options="$options --threads $2"; shift ;;
      --lang) case "${2:-}" in tr | en) ;; *) refuse "--lang needs tr or en" ;; esac
              language="--lang $2" options="$options --lang $2"; shift ;;
      -*) refuse "tour does not know $1 (options of one lesson: build/release/examples/01_rap_or_arabesk --help)" ;;
      [1-9]) lessons="$lessons 0$1" ;;
      [0-9][0-9]) ls examples/"$1"_*/lesson.cpp >/dev/null 2>&1 || refuse "there is no lesson $1"
                  lessons="$lessons $1" ;;
      *) [ -f "examples/$1/lesson.cpp" ] || refuse "there is no lesson $1 (01 or 01_rap_or_arabesk is one)"
         lessons="$lessons $1" ;;
    esac
    shift
  done
  [ "$seeds" -gt 0 ] || refuse "--seeds needs to be at least 1"
  fresh release
  cmake --workflow --preset tour
  failed=""
  last=$((seed + seeds - 1))
  for s in $(seq "$seed" "$last"); do
    for source in examples/[0-9][0-9]_*/lesson.cpp; do
      lesson=$(basename "${source%/*}")
      if [ -n "$lessons" ]; then
        case " $lessons " in *" $lesson "* | *" ${lesson%%_*} "*) ;; *) continue ;; esac
      fi
      [ "$s" != "$seed" ] || rm -rf "out/$lesson" out/seed_*/"$lesson"  # what other lessons showed stays
      folder="out/$lesson"
      [ "$seeds" = 1 ] || folder="out/seed_$s/$lesson"
      # shellcheck disable=SC2086 — a list of words
      "build/release/examples/$lesson" --seed "$s" --out "$folder" $options || failed="$failed $lesson(seed $s)"
      echo
    done
  done
  # shellcheck disable=SC2086 — two words or none
  build/release/examples/damla_tour out $language || [ -n "$failed" ] || failed=" damla_tour"
  if [ -n "$failed" ]; then
    echo "failed:$failed"
    exit 1
  fi
}

# install [--prefix DIR]: the damla program alone, with its man pages and completions.
install_program() {
  prefix="${HOME:-/usr}/.local"
  if [ "${1:-}" = --prefix ]; then
    [ -n "${2:-}" ] || refuse "--prefix needs a folder"
    case "$2" in /*) prefix="$2" ;; *) prefix="$from/$2" ;; esac
    shift 2
  fi
  [ $# -eq 0 ] || refuse "install does not know $1"
  install $packages
  fresh release
  cmake --preset release >/dev/null
  cmake --install build/release --component command --prefix "$prefix"
  echo
  damla=damla
  case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *) damla="$prefix/bin/damla"
       echo "To type damla alone, in new terminals: echo 'export PATH=\"$prefix/bin:\$PATH\"' >> ~/.profile" ;;
  esac
  echo "Now, with a text of your own: $damla train book.txt -o model"
}

# deb: build/damla_….deb, for other machines too.
deb() {
  command -v apt-get >/dev/null 2>&1 || { echo "./go deb needs Debian or Ubuntu." >&2; exit 1; }
  install $packages dpkg-dev
  fresh deb
  cmake --preset deb >/dev/null
  cpack -G DEB --config build/deb/CPackConfig.cmake -B build
  echo "To install it: sudo apt install $PWD/$(ls -t build/*.deb | head -1)"
}

# step [LESSON [its options]]: gdb may load what shows matrices, which lies beside the programs.
step() {
  lesson="${1:-}"
  case "$lesson" in [1-9]) lesson="0$lesson" ;; esac
  if [ -n "$lesson" ]; then
    shift
    folder=$(ls -d examples/"${lesson%%_*}"_*/ 2>/dev/null) || refuse "there is no lesson $lesson"
    lesson=$(basename "$folder")
  fi
  install $packages gdb
  fresh step
  cmake --preset step
  cmake --build build/step --target "${lesson:-lessons}"
  [ -n "$lesson" ] || return 0
  command -v gdb >/dev/null 2>&1 || { echo "gdb is missing; docs/en/stepping.md tells what else there is." >&2; exit 1; }
  exec gdb -iex "add-auto-load-safe-path $PWD" --args "build/step/examples/$lesson" "$@"
}

# fuzz [--seconds N] [TARGET …]: one target after the other, even when one fails. Each goes on with what it has found interesting
# before, in build/fuzz/corpus; an input that broke something lies in build/fuzz.
fuzz() {
  seconds=600 targets="" failed=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --seconds) whole "$@"; seconds="$2"; shift ;;
      *) [ -f "tests/fuzz/$1.cpp" ] || refuse "there is no fuzz target $1 ($(ls tests/fuzz | sed -n 's/\.cpp$//p' | xargs))"
         targets="$targets $1" ;;
    esac
    shift
  done
  [ -n "$targets" ] || targets=$(ls tests/fuzz | sed -n 's/\.cpp$//p')
  install $packages clang
  ! command -v apt-get >/dev/null 2>&1 || install "libclang-rt-$(clang++ -dumpversion | sed 's/\..*//')-dev"
  fresh fuzz
  cmake --preset fuzz
  cmake --build --preset fuzz
  for target in $targets; do
    mkdir -p "build/fuzz/corpus/$target"
    echo "== $target"
    "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -verbosity=0 -print_final_stats=1 \
      -artifact_prefix="build/fuzz/$target-" "build/fuzz/corpus/$target" || failed="$failed $target"
  done
  [ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
}

# site [--check]: both languages by Sphinx, the reference by Doxygen; beside them what other verbs have left in out/.
site() {
  case "${1:-}" in
    '' | --check) ;;
    *) refuse "site does not know $1" ;;
  esac
  command -v apt-get >/dev/null 2>&1 || { echo "./go site needs Debian or Ubuntu." >&2; exit 1; }
  install python3-sphinx python3-myst-parser furo doxygen
  rm -rf out/site build/site
  mkdir -p out/site
  doxygen docs/site/Doxyfile
  cp docs/site/index.html out/site/
  if [ -f out/index.html ]; then  # its links to the pages, and the numbers that it offers
    mkdir out/site/report
    sed 's,\(\.\./docs\|site\)/\(en\|tr\)/\([a-z0-9_]*\)\.\(md\|html\),../\2/\3.html,g' out/index.html >out/site/report/index.html
    for file in out/[0-9][0-9]_*/*.csv; do
      [ -f "$file" ] || continue
      mkdir -p "out/site/report/$(basename "${file%/*}")"
      cp "$file" "out/site/report/$(basename "${file%/*}")/"
    done
  fi
  for page in playground slides; do [ ! -f "out/$page.html" ] || cp "out/$page.html" out/site/; done
  for language in en tr; do
    /usr/bin/python3 -m sphinx -q -j auto -W --keep-going -d "build/site/$language" -c docs/site -D language="$language" \
                     "docs/$language" "out/site/$language"
  done
  du -sh out/site
  [ "${1:-}" = --check ] || return 0
  command -v npm >/dev/null 2>&1 || install nodejs npm
  command -v "${CHROMIUM:-/usr/bin/chromium}" >/dev/null || install chromium
  (cd playground && npm ci --loglevel=error --no-audit --no-fund --ignore-scripts)
  node --test tests/site.spec.mjs
}

# pictures [NUMBER …]: a lesson runs, with seed 1, where its report is missing or older than what it is made of.
pictures() {
  wanted="" missing="" failed=""
  for number in "$@"; do
    case "$number" in [1-9]) number="0$number" ;; esac
    ls examples/"$number"_*/lesson.cpp >/dev/null 2>&1 || refuse "there is no lesson $number"
    wanted="$wanted $number"
  done
  command -v apt-get >/dev/null 2>&1 || { echo "./go pictures needs Debian or Ubuntu." >&2; exit 1; }
  install $packages python3-matplotlib
  for source in examples/[0-9][0-9]_*/lesson.cpp; do
    lesson=$(basename "${source%/*}")
    case "${wanted:-" ${lesson%%_*}"} " in *" ${lesson%%_*} "*) ;; *) continue ;; esac
    report="out/$lesson/report.json"
    if [ ! -f "$report" ] || [ -n "$(find "examples/$lesson" examples/worlds -name '*.[ch]pp' -newer "$report")" ]; then
      missing="$missing $lesson"
    fi
  done
  if [ -n "$missing" ]; then
    fresh release
    cmake --preset release >/dev/null
    # shellcheck disable=SC2086 — a list of words
    cmake --build build/release --target $missing
    for lesson in $missing; do "build/release/examples/$lesson" --seed 1 --out "out/$lesson" || failed="$failed $lesson"; done
  fi
  # shellcheck disable=SC2086 — a list of words
  /usr/bin/python3 docs/pictures/draw.py $wanted
  [ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
}

# notebook [--check [--fast] [NUMBER …]]: Debian's Jupyter with the kernel of notebooks/kernel; its settings stay in build/.
notebook() {
  command -v apt-get >/dev/null 2>&1 || { echo "This kernel needs Debian or Ubuntu; docs/en/notebooks.md tells of others." >&2; exit 1; }
  install $packages clang-tools-19 jupyter-notebook python3-ipykernel python3-nbconvert
  fresh release
  cmake --preset release >/dev/null
  cmake --build build/release --target damla damla_lessons
  settings="$PWD/build/notebook"
  mkdir -p "$settings"
  export JUPYTER_PATH="$PWD/notebooks/kernel" JUPYTER_CONFIG_DIR="$settings" JUPYTER_DATA_DIR="$settings" \
         JUPYTER_RUNTIME_DIR="$settings/runtime" IPYTHONDIR="$settings/ipython" PYTHONDONTWRITEBYTECODE=1
  if [ "${1:-}" = --check ]; then
    shift
    exec /usr/bin/python3 -Xfrozen_modules=off notebooks/kernel/check.py "$@"
  fi
  root=""
  [ "$(id -u)" != 0 ] || root="--allow-root"
  # shellcheck disable=SC2086 — empty or one flag
  exec /usr/bin/python3 -m notebook --notebook-dir=. --NotebookApp.default_url=/tree/notebooks $root "$@"
}

# playground [--check]: emscripten, Node.js and Chromium are Debian's; what puts the page together comes from npm.
playground() {
  check=""
  case "${1:-}" in
    '') ;;
    --check) check=--tests ;;
    *) refuse "playground does not know $1" ;;
  esac
  command -v apt-get >/dev/null 2>&1 || { echo "./go playground needs Debian or Ubuntu." >&2; exit 1; }
  install $packages emscripten
  command -v npm >/dev/null 2>&1 || install nodejs npm
  [ -z "$check" ] || command -v "${CHROMIUM:-/usr/bin/chromium}" >/dev/null || install chromium
  fresh wasm
  cmake --preset wasm
  cmake --build --preset wasm
  (cd playground && npm ci --silent --ignore-scripts && npm run --silent types)
  node playground/build.mjs $check
  [ -n "$check" ] || return 0
  cmake --preset release >/dev/null
  cmake --build build/release --target playground_figures
  python3 playground/tests/same_figures.py build/release/playground/playground_figures build/wasm/playground/playground_figures.js
  for file in playground/build/*.spec.mjs; do node --test "$file"; done
}

# slides [--check]: Node.js is Debian's; reveal.js and what puts the page together come from npm, the pictures from docs/pictures.
slides() {
  case "${1:-}" in '' | --check) ;; *) refuse "slides does not know $1" ;; esac
  command -v npm >/dev/null 2>&1 || {
    command -v apt-get >/dev/null 2>&1 || { echo "./go slides needs Node.js with npm." >&2; exit 1; }
    install nodejs npm
  }
  (cd docs/slides && npm ci --silent --ignore-scripts)
  node docs/slides/build.mjs
  [ -n "${1:-}" ] || return 0
  command -v "${CHROMIUM:-/usr/bin/chromium}" >/dev/null || install chromium
  node --test docs/slides/slides.spec.mjs
}

# format [--check]: with clang-format 14, since each version breaks some lines in another way.
format() {
  formatter=clang-format-14
  command -v "$formatter" >/dev/null 2>&1 || formatter=clang-format
  command -v "$formatter" >/dev/null 2>&1 || { install clang-format-14; formatter=clang-format-14; }
  case "$("$formatter" --version)" in *"version 14."*) ;; *) echo "clang-format 14 is needed, but here is: $("$formatter" --version)" >&2; exit 1 ;; esac
  case "${1:-}" in
    --check) how="--dry-run --Werror" ;;
    "") how="-i" ;;
    *) refuse "format does not know $1" ;;
  esac
  # shellcheck disable=SC2086 — a list of words
  find include src examples tests notebooks -name '*.[ch]pp' -exec "$formatter" $how {} +
}

# tidy: each source of the library once, in float, and one that includes all headers.
tidy() {
  install $packages clang-tidy python3
  fresh release
  cmake --preset release >/dev/null
  python3 - <<'PY'
import json, pathlib, re
folder = pathlib.Path("build/tidy")
folder.mkdir(parents=True, exist_ok=True)
every = json.loads(pathlib.Path("build/release/compile_commands.json").read_text())
ours = [c for c in every if "/src/" in c["file"] and "CMakeFiles/damla.dir" in c["command"]]
for c in ours:  # gcc's precompiled header is nothing to clang
    c["command"] = re.sub(r" -Winvalid-pch| -include \S*cmake_pch\.hxx", "", c["command"])
headers = folder.resolve() / "headers.cpp"
names = sorted(str(p.relative_to("include")) for p in pathlib.Path("include").rglob("*.hpp"))
headers.write_text("".join(f'#include "{name}"\n' for name in names))
plain = next(c for c in ours if "/src/nn/" in c["file"])
ours.append({"directory": plain["directory"], "file": str(headers), "command": plain["command"].replace(plain["file"], str(headers))})
(folder / "compile_commands.json").write_text(json.dumps(ours))
(folder / "files").write_text("".join(c["file"] + "\n" for c in ours))
PY
  xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 clang-tidy -p build/tidy --quiet --warnings-as-errors='*' \
        --extra-arg=-Wno-unknown-warning-option <build/tidy/files
}

job="${1:-help}"
[ $# -eq 0 ] || shift
case "$job" in
  tour) install $packages libjs-chart.js; tour "$@" ;;
  test | debug | asan | tsan)
    [ $# -eq 0 ] || refuse "$job takes nothing more; for one test: build/release/tests/tests_float \"a part of its name*\""
    if [ "$job" = test ]; then fresh release; else fresh "$job"; fi
    install $packages python3 gdb; cmake --workflow --preset "$job" ;;
  arm | windows) [ $# -eq 0 ] || refuse "$job takes nothing more"; cross "$job" ;;
  install) install_program "$@" ;;
  deb) [ $# -eq 0 ] || refuse "deb takes nothing more"; deb ;;
  step) step "$@" ;;
  bench) fresh release; install $packages python3-torch libopenblas0-openmp; cmake --preset release
         cmake --build build/release --target bench; tests/bench/run.py build/release "$@" ;;
  homework) DAMLA_FROM="$from" sh examples/homework/grader/pack.sh "$@" ;;
  fuzz) fuzz "$@" ;;
  site) site "$@" ;;
  pictures) pictures "$@" ;;
  notebook) notebook "$@" ;;
  playground) playground "$@" ;;
  slides) slides "$@" ;;
  format) format "$@" ;;
  tidy) [ $# -eq 0 ] || refuse "tidy takes nothing more"; tidy ;;
  clean) rm -rf build out ;;
  help | -h | --help) help ;;
  *) echo "./go does not know \"$job\"." >&2; help >&2; exit 2 ;;
esac
