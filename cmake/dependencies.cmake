# A library that a parent project has is taken; else it is looked for on this machine; a missing one is downloaded: a fixed version
# with a fixed hash, and of its build only what we use. Libraries of headers alone are unpacked, not built.
include(FetchContent)

# damla_download(<name> <url> <SHA256>): unpacks to ${<name>_SOURCE_DIR} and runs nothing in there.
macro(damla_download name url hash)
  message(STATUS "${name} is not installed: downloading ${url}")
  FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${hash} SOURCE_SUBDIR no_build_wanted)
  FetchContent_MakeAvailable(${name})
endmacro()

# damla_header_library(<target> <folder>): a target like the one that find_package would have made.
function(damla_header_library target folder)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} INTERFACE ${folder})
endfunction()

set(damla_downloaded "")  # those that a user of the installed library would have to have

# Asked without a version: 3.4 and 5 both do, but a package of 5 says no to whoever asks for 3.4.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 QUIET NO_MODULE)
endif()
if(Eigen3_FOUND AND Eigen3_VERSION VERSION_LESS 3.4)
  message(FATAL_ERROR "damla needs Eigen 3.4; ${Eigen3_DIR} has ${Eigen3_VERSION}.\n"
                      "-DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON downloads it.")
elseif(NOT TARGET Eigen3::Eigen)
  damla_download(eigen https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2
                 b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626)
  damla_header_library(Eigen3::Eigen ${eigen_SOURCE_DIR})
  list(APPEND damla_downloaded Eigen)
endif()

if(NOT TARGET fmt::fmt)
  find_package(fmt QUIET)
endif()
if(NOT TARGET fmt::fmt)
  message(STATUS "fmt is not installed: downloading it")
  FetchContent_Declare(fmt URL https://github.com/fmtlib/fmt/archive/10.2.1.tar.gz
                       URL_HASH SHA256=1250e4cc58bf06ee631567523f48848dc4596133e163f02615c97f78bab6c811 SYSTEM)
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # its options are these variables, and a parent project's cache stays as it is
  set(FMT_INSTALL OFF)
  set(FMT_TEST OFF)
  set(FMT_DOC OFF)
  FetchContent_MakeAvailable(fmt)
  list(APPEND damla_downloaded fmt)
endif()

# The rest is for our own sources only.
if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json 3.10 QUIET)
endif()
if(NOT TARGET nlohmann_json::nlohmann_json)
  damla_download(nlohmann_json https://github.com/nlohmann/json/archive/v3.11.2.tar.gz
                 d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273)
  damla_header_library(nlohmann_json::nlohmann_json ${nlohmann_json_SOURCE_DIR}/include)
endif()

if(NOT TARGET CLI11::CLI11)
  find_package(CLI11 QUIET)
endif()
if(NOT TARGET CLI11::CLI11)
  damla_download(cli11 https://github.com/CLIUtils/CLI11/archive/v2.4.2.tar.gz
                 f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a)
  damla_header_library(CLI11::CLI11 ${cli11_SOURCE_DIR}/include)
endif()

# utf8proc is one C file. Where it is downloaded, it becomes a part of our library.
list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
if(NOT TARGET utf8proc::utf8proc)
  find_package(utf8proc QUIET)
endif()
if(NOT TARGET utf8proc::utf8proc)
  enable_language(C)
  damla_download(utf8proc https://github.com/JuliaStrings/utf8proc/archive/v2.8.0.tar.gz
                 a0a60a79fe6f6d54e7d411facbfcc867a6e198608f2cd992490e46f04b1bcecc)
endif()

find_package(Threads REQUIRED)

if(DAMLA_MPI)
  find_package(MPI REQUIRED COMPONENTS CXX)
endif()

# For the tests alone, which ask for it. Versions 2 and 3 both do.
macro(damla_find_catch)
  find_package(Catch2 QUIET)
  if(NOT TARGET Catch2::Catch2)
    message(STATUS "Catch2 is not installed: downloading it")
    FetchContent_Declare(catch2 URL https://github.com/catchorg/Catch2/archive/v3.7.1.tar.gz
                         URL_HASH SHA256=c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c SYSTEM)
    FetchContent_MakeAvailable(catch2)  # as a subproject it neither tests nor installs itself
    list(APPEND CMAKE_MODULE_PATH ${catch2_SOURCE_DIR}/extras)
  endif()
  include(Catch)
endmacro()
