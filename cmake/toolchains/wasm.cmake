# WebAssembly with emscripten, whose own CMake file knows the rest: vectors, one thread, exceptions of WebAssembly's own (every call
# that may throw went by way of JavaScript before). No library of this machine is for it, so CMake downloads all
# (cmake/dependencies.cmake), or takes the sources that FETCHCONTENT_SOURCE_DIR_… names.
find_program(damla_emcc emcc REQUIRED)
cmake_path(GET damla_emcc PARENT_PATH damla_emscripten)
foreach(root ${damla_emscripten} /usr/share/emscripten)
  if(EXISTS ${root}/cmake/Modules/Platform/Emscripten.cmake)
    set(EMSCRIPTEN_ROOT_PATH ${root})
  endif()
endforeach()
set(CMAKE_CXX_FLAGS_INIT "-msimd128 -fwasm-exceptions")
include(${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake)
set(CMAKE_DISABLE_FIND_PACKAGE_PkgConfig ON)
