# damla::damla (float) and damla::damla_double (double): the same sources, each in its own inline namespace.
file(GLOB damla_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cpp)

function(damla_warnings target)
  if(NOT MSVC)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                             $<$<BOOL:${DAMLA_WERROR}>:-Werror>)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-restrict)  # false alarms in its own headers
  endif()
endfunction()

function(damla_add_library name)
  add_library(${name} ${damla_sources})
  add_library(damla::${name} ALIAS ${name})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PUBLIC Eigen3::Eigen fmt::fmt nlohmann_json::nlohmann_json PRIVATE PkgConfig::utf8proc CLI11::CLI11)
  if(OpenMP_CXX_FOUND)
    target_link_libraries(${name} PRIVATE OpenMP::OpenMP_CXX)
  endif()
  if(DAMLA_NATIVE AND NOT MSVC)
    # Public: Eigen's layout depends on it. GCC's tuning for Zen costs Eigen's product 20–35 %; the generic one does not.
    target_compile_options(${name} PUBLIC -march=native)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${name} PUBLIC -mtune=generic)
    endif()
  endif()
  # The kernels are always compiled for speed: so a debug build still trains.
  if(NOT MSVC)
    target_compile_options(${name} PRIVATE -O3)
  endif()
  damla_warnings(${name})
  target_compile_definitions(${name} PRIVATE EIGEN_NO_DEBUG EIGEN_DONT_PARALLELIZE)
endfunction()

damla_add_library(damla)
damla_add_library(damla_double)
target_compile_definitions(damla_double PUBLIC DAMLA_DOUBLE)
