# damla::damla (float) and damla::damla_double (double): the same sources, each in its own inline namespace.
include(CheckCXXCompilerFlag)
file(GLOB_RECURSE damla_sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src/*.cpp)
list(FILTER damla_sources EXCLUDE REGEX "^src/command/")  # a program of its own
list(TRANSFORM damla_sources PREPEND ${PROJECT_SOURCE_DIR}/)
file(GLOB damla_engine CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/engine/*.cpp)
file(GLOB_RECURSE damla_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/damla/*.hpp)

if(DAMLA_NATIVE AND NOT MSVC)
  # Public: Eigen's layout depends on it. GCC's tuning for Zen costs Eigen's product 20–35 %; the generic one does not.
  check_cxx_compiler_flag(-march=native damla_has_march)
  if(NOT damla_has_march)
    set(damla_native -mcpu=native)  # some compilers for ARM
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
    set(damla_native -march=native -mtune=generic)
  else()
    set(damla_native -march=native)
  endif()
endif()

# For our own targets only: a downloaded library keeps its own flags.
function(damla_warnings target)
  if(NOT MSVC)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                             $<$<BOOL:${DAMLA_WERROR}>:-Werror>)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)  # false alarms in its own headers
  endif()
endfunction()

# On Windows the arguments of a program, and names of files that it gives to the system, are UTF-8 if a manifest says so.
set(damla_utf8_program "")
if(MSVC)
  set(damla_utf8_program ${PROJECT_SOURCE_DIR}/cmake/windows/utf8.manifest)
elseif(WIN32)
  enable_language(RC)
  set(damla_utf8_program ${PROJECT_BINARY_DIR}/utf8.rc)
  file(WRITE ${damla_utf8_program} "1 24 \"${PROJECT_SOURCE_DIR}/cmake/windows/utf8.manifest\"\n")
endif()

# The engine is always compiled for speed, whatever the build type: so a debug build still trains. The flag for OpenMP turns on its
# hints to vectorise loops, no more: src/engine/threads.cpp says why its threads are not used. A square root that may set errno is
# not vectorised: AdamW took up to eight times as long; nor is a choice that may trap, as GELU's. Eigen has a name of its own there: its inline functions are weak symbols, of
# which the linker keeps one copy each, and a program built for debugging would bring slow ones that replace ours.
set_source_files_properties(${damla_engine} PROPERTIES
  COMPILE_DEFINITIONS "Eigen=damla_private_eigen;EIGEN_NO_DEBUG;EIGEN_DONT_PARALLELIZE"
  SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON
  COMPILE_OPTIONS "$<$<NOT:$<BOOL:${MSVC}>>:-O3;-fopenmp-simd;-fno-math-errno;-fno-trapping-math>")

# -O2 for Eigen alone: see the header. Where variables are tracked, gdb stops before a function's arguments are in place.
if(DAMLA_STEP)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)  # that header must come first
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(damla_step "$<$<COMPILE_LANGUAGE:CXX>:-O2;-fno-var-tracking;-include;${PROJECT_SOURCE_DIR}/cmake/gdb/step.hpp>")
endif()

# One source speaks to MPI; the others, and who links to us, are compiled as ever.
if(DAMLA_MPI)
  set_source_files_properties(${PROJECT_SOURCE_DIR}/src/train/ranks.cpp PROPERTIES COMPILE_DEFINITIONS "DAMLA_MPI;OMPI_SKIP_MPICXX;MPICH_SKIP_MPICXX"
                              INCLUDE_DIRECTORIES "${MPI_CXX_INCLUDE_DIRS}" SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
endif()

set(damla_read_once "$<$<COMPILE_LANGUAGE:CXX>:${PROJECT_SOURCE_DIR}/cmake/read_once.hpp>")

function(damla_add_library name)
  add_library(${name} ${damla_sources})
  add_library(damla::${name} ALIAS ${name})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${damla_headers})
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_compile_options(${name} PUBLIC ${damla_native} $<$<CXX_COMPILER_ID:MSVC>:/utf-8>)
  # BUILD_INTERFACE: headers alone, which only our sources include, so that who links to us need not have them.
  target_link_libraries(${name} PUBLIC Eigen3::Eigen fmt::fmt
                                PRIVATE $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> $<BUILD_INTERFACE:CLI11::CLI11>)
  if(TARGET utf8proc::utf8proc)
    target_link_libraries(${name} PRIVATE utf8proc::utf8proc)
  else()
    target_sources(${name} PRIVATE ${utf8proc_SOURCE_DIR}/utf8proc.c)
    set_source_files_properties(${utf8proc_SOURCE_DIR}/utf8proc.c PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<BOOL:${MSVC}>>:-w>")
    target_include_directories(${name} SYSTEM PRIVATE ${utf8proc_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE UTF8PROC_STATIC)
  endif()
  target_link_libraries(${name} PRIVATE Threads::Threads $<$<BOOL:${DAMLA_MPI}>:$<LINK_ONLY:MPI::MPI_CXX>>)
  damla_warnings(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_precompile_headers(${name} PRIVATE ${damla_read_once})
  if(DAMLA_STEP)
    target_compile_definitions(${name} PUBLIC DAMLA_STEP)
    target_compile_options(${name} PUBLIC "$<BUILD_INTERFACE:${damla_step}>")
  endif()
  set_target_properties(${name} PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} WINDOWS_EXPORT_ALL_SYMBOLS ON
    UNITY_BUILD ${damla_unity} UNITY_BUILD_BATCH_SIZE 8)
  if(NOT PROJECT_IS_TOP_LEVEL AND NOT DAMLA_INSTALL)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)  # a homework builds the one it links to
  endif()
endfunction()

damla_add_library(damla)
damla_add_library(damla_double)
target_compile_definitions(damla_double PUBLIC DAMLA_DOUBLE)
