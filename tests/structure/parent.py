#!/usr/bin/env python3
"""Other people's projects and folders, configured, not built: parent.py ROOT WORK CMAKE GENERATOR COMPILER

- A parent project that has targets of its own where we look for a library, builds in unity, and hides what it does not export, gets
  our sources one by one, with our names visible, and its own variables as it set them.
- A parent may install its library with ours.
- A clone keeps the line ends of our scripts.
- In a shared build that lies in folders with the names of our own, all tests are there, and programs look for the library beside them."""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

root, work, cmake, generator, compiler = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:6]
faults = []

PARENT = """cmake_minimum_required(VERSION 3.25)
project(parent LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_UNITY_BUILD ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
foreach(name IN LISTS OWN)
  string(MAKE_C_IDENTIFIER ${name} own)
  add_library(own_${own} INTERFACE)
  add_library(${name} ALIAS own_${own})
endforeach()
get_cmake_property(before CACHE_VARIABLES)
add_subdirectory("%s" damla)
get_cmake_property(after CACHE_VARIABLES)
list(REMOVE_ITEM after ${before})
list(FILTER after INCLUDE REGEX "^(CMAKE_BUILD|CMAKE_CXX_STANDARD|CMAKE_UNITY|BUILD_|FMT_)")
message(STATUS "parent: '${CMAKE_BUILD_TYPE}' '${CMAKE_CXX_STANDARD}' '${CMAKE_UNITY_BUILD}' '${CMAKE_CXX_VISIBILITY_PRESET}' '${after}'")
add_library(mine STATIC mine.cpp)
target_link_libraries(mine PUBLIC damla::damla)
if(DAMLA_INSTALL)
  install(TARGETS mine EXPORT mine)
  install(EXPORT mine NAMESPACE mine:: DESTINATION lib/cmake/mine)
endif()
"""


def configure(name, source, *options):
    """Returns what CMake said and its compile commands."""
    build = work / name
    shutil.rmtree(build, ignore_errors=True)
    run = subprocess.run([cmake, "-S", source, "-B", build, "-G", generator, f"-DCMAKE_CXX_COMPILER={compiler}",
                          "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *options], capture_output=True, text=True)
    if run.returncode != 0:
        faults.append(f"{name} cannot be configured:\n{run.stderr}")
        return "", []
    return run.stdout, json.loads((build / "compile_commands.json").read_text())


shutil.rmtree(work, ignore_errors=True)
(work / "parent").mkdir(parents=True)
(work / "parent/CMakeLists.txt").write_text(PARENT % root)
(work / "parent/mine.cpp").write_text("int mine() { return 1; }\n")
sources = sorted(p.relative_to(root).as_posix() for p in (root / "src").rglob("*.cpp")
                 if "command" not in p.relative_to(root).parts)  # a program of its own

said, commands = configure("in_parent", work / "parent",
                           "-DOWN=Eigen3::Eigen;fmt::fmt;nlohmann_json::nlohmann_json;CLI11::CLI11;utf8proc::utf8proc")
if said and "parent: '' '17' 'ON' 'hidden' ''" not in said:
    faults.append(f"the parent's variables are not what they were:\n{said}")
ours = [c for c in commands if "/damla.dir/" in c["command"]]
seen = sorted(Path(c["file"]).relative_to(root).as_posix() for c in ours if root in Path(c["file"]).parents and c["file"].endswith(".cpp"))
if said and seen != sources:
    faults.append(f"the parent compiles {len(seen)} of our {len(sources)} sources by themselves")
if any("-fvisibility=hidden" in c["command"] for c in ours):
    faults.append("the parent hides our names")

configure("in_parent_installed", work / "parent", "-DDAMLA_INSTALL=ON")

(work / "bench/structure/tests").mkdir(parents=True)
os.symlink(root, work / "bench/structure/tests/fixtures")
said, commands = configure("shared", work / "bench/structure/tests/fixtures", "-DBUILD_SHARED_LIBS=ON", "-DDAMLA_EXAMPLES=OFF",
                           "-DCMAKE_INSTALL_LIBDIR=lib64", "-DCMAKE_BUILD_TYPE=Debug")  # where each test is a command
if said:
    named = {p.relative_to(root).as_posix() for room in ("core", "engine", "nn", "text") for p in (root / "tests" / room).glob("*.cpp")}
    missing = named - {c["file"].split("/tests/fixtures/", 1)[-1] for c in commands}
    if missing or not named:
        faults.append(f"in a folder that is named like one of ours, these tests are missing: {sorted(missing)}")
    installs = "".join(p.read_text() for p in (work / "shared/examples").rglob("cmake_install.cmake"))
    if "NEW_RPATH" in installs and not re.search(r'NEW_RPATH "(\$ORIGIN|@loader_path)/../lib64"', installs.replace("\\$", "$")):
        faults.append("the installed grader does not look for its library beside it")
if shutil.which("git") and (root / ".git").exists():
    said = subprocess.run(["git", "-C", root, "check-attr", "eol", "go"], capture_output=True, text=True).stdout
    if "eol: lf" not in said:
        faults.append(f"a clone on Windows would give ./go line ends that no shell reads: {said}")
print("\n".join(faults) or "all as it ought to be")
sys.exit(1 if faults else 0)
