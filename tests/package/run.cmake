# Builds and runs a homework outside our tree, in one of the ways that our README names. With find_package, it is the README's own
# example, as it stands there.
# cmake -DWAY=… -DSOURCE=<our tree> -DBUILD=<a build of it> -DWORK=<a folder> -DCOMPILER=… -DGENERATOR=… -P run.cmake
cmake_minimum_required(VERSION 3.25)
set(shared_objects ${WORK}/from_source)  # both ways from source compile the same library: the second finds it compiled

if(WAY STREQUAL "find_package")
  set(way "find_package(damla REQUIRED)")
  set(folder ${WORK}/find_package)
  file(REMOVE_RECURSE ${WORK}/prefix)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix --config "${CONFIG}"
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
elseif(WAY STREQUAL "add_subdirectory")
  set(way "add_subdirectory(\"${SOURCE}\" _deps/damla-build)")
  set(folder ${shared_objects})
elseif(WAY STREQUAL "FetchContent")
  set(way "include(FetchContent)\nFetchContent_Declare(damla SOURCE_DIR \"${SOURCE}\")\nFetchContent_MakeAvailable(damla)")
  set(folder ${shared_objects})
else()
  message(FATAL_ERROR "WAY is \"${WAY}\"")
endif()

set(options -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_CXX_FLAGS=${FLAGS}" -DCMAKE_BUILD_TYPE=${CONFIG})
if(NOT WAY STREQUAL "find_package" AND NOT COMPILER_ID STREQUAL "MSVC")
  # The library asks for -O3, which takes it two minutes; what is tested here needs none of it, so -O0 comes last.
  list(APPEND options "-DCMAKE_CXX_COMPILE_OBJECT=<CMAKE_CXX_COMPILER> <DEFINES> <INCLUDES> <FLAGS> -O0 -o <OBJECT> -c <SOURCE>")
endif()

function(build_and_run folder program)
  file(REMOVE_RECURSE ${folder}/build/CMakeFiles/${program}.dir)  # the homework itself is compiled anew each time
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${folder} -B ${folder}/build ${options} -DCMAKE_PREFIX_PATH=${WORK}/prefix
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder}/build --config "${CONFIG}" COMMAND_ERROR_IS_FATAL ANY)
  find_program(built ${program} PATHS ${folder}/build ${folder}/build/${CONFIG} NO_DEFAULT_PATH NO_CACHE REQUIRED)
  execute_process(COMMAND ${built} OUTPUT_VARIABLE said ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
  set(said "${said}" PARENT_SCOPE)
endfunction()

# The README's block in that language becomes a file.
function(take_from_readme language to)
  file(READ ${SOURCE}/README.md readme)
  set(fence "```")
  set(mark "<!-- built by tests/package -->\n${fence}${language}\n")
  string(FIND "${readme}" "${mark}" begin)
  if(begin EQUAL -1)
    message(FATAL_ERROR "README.md has no block of ${language} that is marked as built by this test")
  endif()
  string(LENGTH "${mark}" length)
  math(EXPR begin "${begin} + ${length}")
  string(SUBSTRING "${readme}" ${begin} -1 block)
  string(FIND "${block}" "${fence}" end)
  string(SUBSTRING "${block}" 0 ${end} block)
  file(WRITE ${to} "${block}")
endfunction()

if(WAY STREQUAL "find_package")
  take_from_readme(cmake ${folder}/readme/CMakeLists.txt)
  take_from_readme(cpp ${folder}/readme/main.cpp)
  build_and_run(${folder}/readme drop)
  if(NOT said MATCHES "damlaya damlaya göl olur\n" OR NOT said MATCHES "of 3 and 5: number 1\n")
    message(FATAL_ERROR "the README's example has not learned the proverb, or which number is larger: ${said}")
  endif()
  set(library damla_double)

  # And without CMake.
  execute_process(COMMAND pkg-config --exists eigen3 fmt RESULT_VARIABLE missing ERROR_QUIET)
  if(missing EQUAL 0)
    file(GLOB_RECURSE found ${WORK}/prefix/damla_double.pc)
    cmake_path(GET found PARENT_PATH pc)
    file(WRITE ${folder}/pc.cpp "#include <damla/core/random.hpp>\n#include <damla/core/matmul.hpp>\nusing namespace damla;\n"
         "int main() {\n  Matrix a(2, 2), b;\n  Random(1).fill_normal(a, 1);\n  matmul(b, a, a);\n  return sizeof(Scalar) == 8 ? 0 : 1;\n}\n")
    file(WRITE ${folder}/pc.sh "set -e\nexport PKG_CONFIG_PATH=\"$1\"\n"
         "\"$2\" $3 \"$4.cpp\" $(pkg-config --cflags --libs damla_double) -Wl,-rpath,$(pkg-config --variable=libdir damla_double) -o \"$4\"\n\"$4\"\n")
    execute_process(COMMAND sh ${folder}/pc.sh ${pc} ${COMPILER} "${FLAGS}" ${folder}/pc COMMAND_ERROR_IS_FATAL ANY)
  endif()
  file(GLOB_RECURSE licence ${WORK}/prefix/share/doc/damla/LICENSE)
  if(NOT licence)
    message(FATAL_ERROR "the licence is not installed")
  endif()
else()
  set(library damla)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/CMakeLists.txt.in ${folder}/CMakeLists.txt @ONLY)
file(COPY ${CMAKE_CURRENT_LIST_DIR}/main.cpp DESTINATION ${folder})
build_and_run(${folder} homework)
