# Builds and runs a homework outside our tree, in one of the ways that our README names.
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

# In float, and where it costs nothing but a link also in double.
set(libraries damla)
if(WAY STREQUAL "find_package")
  list(APPEND libraries damla_double)
endif()
foreach(library IN LISTS libraries)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/CMakeLists.txt.in ${folder}/CMakeLists.txt @ONLY)
  file(COPY ${CMAKE_CURRENT_LIST_DIR}/main.cpp DESTINATION ${folder})
  file(REMOVE_RECURSE ${folder}/build/CMakeFiles/homework.dir)  # the homework itself is compiled anew each time
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${folder} -B ${folder}/build ${options} -DCMAKE_PREFIX_PATH=${WORK}/prefix
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder}/build --config "${CONFIG}" COMMAND_ERROR_IS_FATAL ANY)
  find_program(homework homework PATHS ${folder}/build ${folder}/build/${CONFIG} NO_DEFAULT_PATH NO_CACHE REQUIRED)
  execute_process(COMMAND ${homework} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
