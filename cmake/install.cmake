# cmake --install: the headers, both libraries, and what find_package(damla) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(damla_downloaded)
  list(JOIN damla_downloaded " and " names)
  install(CODE "message(FATAL_ERROR \"damla cannot be installed from this build, which downloaded ${names}: whoever links to\
 damla needs them too. Install them, configure anew and install again; or use damla by add_subdirectory or FetchContent.\")")
  return()
endif()

set(damla_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/damla)
install(TARGETS damla damla_double EXPORT damla FILE_SET HEADERS)
install(EXPORT damla NAMESPACE damla:: FILE damlaTargets.cmake DESTINATION ${damla_cmake_dir})

# A static library hands on what it was linked to; a shared one keeps it to itself.
get_target_property(kind damla TYPE)
set(damla_needs "")
if(kind STREQUAL "STATIC_LIBRARY")
  string(APPEND damla_needs "find_dependency(Threads)\n")
  if(TARGET utf8proc::utf8proc)
    string(APPEND damla_needs "list(APPEND CMAKE_MODULE_PATH \${CMAKE_CURRENT_LIST_DIR})\nfind_dependency(utf8proc)\n")
    install(FILES cmake/Findutf8proc.cmake DESTINATION ${damla_cmake_dir})
  endif()
endif()
configure_package_config_file(cmake/damlaConfig.cmake.in damlaConfig.cmake INSTALL_DESTINATION ${damla_cmake_dir})
write_basic_package_version_file(damlaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/damlaConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/damlaConfigVersion.cmake
        DESTINATION ${damla_cmake_dir})
