# cmake --install: the headers, both libraries, what find_package(damla) reads, and the damla program, which
# --component command installs alone.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# A program finds a shared library beside it, wherever the two are moved.
get_target_property(kind damla TYPE)
if(kind STREQUAL "SHARED_LIBRARY" AND NOT DEFINED CMAKE_INSTALL_RPATH)
  file(RELATIVE_PATH damla_to_library ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set(CMAKE_INSTALL_RPATH $<IF:$<PLATFORM_ID:Darwin>,@loader_path,$ORIGIN>/${damla_to_library})
endif()
if(DAMLA_COMMAND)
  install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" --build \"${CMAKE_BINARY_DIR}\"
    --config \"\${CMAKE_INSTALL_CONFIG_NAME}\" --target damla_command $<TARGET_NAME_IF_EXISTS:damla_manual> COMMAND_ERROR_IS_FATAL ANY)" COMPONENT command)
  set_target_properties(damla_command PROPERTIES INSTALL_RPATH "${CMAKE_INSTALL_RPATH}")
  install(TARGETS damla_command COMPONENT command)
  if(TARGET damla_manual)
    set(made ${PROJECT_BINARY_DIR}/src/command)
    install(DIRECTORY ${made}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT command)
    install(DIRECTORY ${made}/bash-completion ${made}/zsh DESTINATION ${CMAKE_INSTALL_DATAROOTDIR} COMPONENT command)
  endif()
  if(kind STREQUAL "SHARED_LIBRARY")
    install(TARGETS damla LIBRARY COMPONENT command NAMELINK_SKIP RUNTIME COMPONENT command)
  endif()
endif()

if(damla_downloaded)
  list(JOIN damla_downloaded " and " names)
  install(CODE "message(FATAL_ERROR \"damla cannot be installed from this build, which downloaded ${names}: whoever links to\
 damla needs them too. Install them, configure anew and install again; or use damla by add_subdirectory or FetchContent.\")")
  return()
endif()

# After `./go tour` not all that is installed is built.
install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" --build \"${CMAKE_BINARY_DIR}\"
  --config \"\${CMAKE_INSTALL_CONFIG_NAME}\"
  --target damla damla_double $<TARGET_NAME_IF_EXISTS:damla_grade> COMMAND_ERROR_IS_FATAL ANY)")

set(damla_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/damla)
install(TARGETS damla damla_double EXPORT damla FILE_SET HEADERS)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(EXPORT damla NAMESPACE damla:: FILE damlaTargets.cmake DESTINATION ${damla_cmake_dir})

# A static library hands on what it was linked to; a shared one keeps it to itself.
set(damla_needs "")
if(kind STREQUAL "STATIC_LIBRARY")
  string(APPEND damla_needs "find_dependency(Threads)\n")
  if(DAMLA_MPI)
    string(APPEND damla_needs "find_dependency(MPI COMPONENTS CXX)\n")
  endif()
  if(TARGET utf8proc::utf8proc)
    string(APPEND damla_needs "list(APPEND CMAKE_MODULE_PATH \${CMAKE_CURRENT_LIST_DIR})\nfind_dependency(utf8proc)\n")
    install(FILES cmake/Findutf8proc.cmake DESTINATION ${damla_cmake_dir})
  endif()
endif()
configure_package_config_file(cmake/damlaConfig.cmake.in damlaConfig.cmake INSTALL_DESTINATION ${damla_cmake_dir})
write_basic_package_version_file(damlaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/damlaConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/damlaConfigVersion.cmake
        DESTINATION ${damla_cmake_dir})

# For builds without CMake: g++ main.cpp $(pkg-config --cflags --libs damla). The flags on which matrices' layout depends are in it.
file(RELATIVE_PATH damla_pc_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
set(damla_pc_needs "")
set(damla_pc_links "")
if(kind STREQUAL "STATIC_LIBRARY")
  set(damla_pc_links "-pthread")
  if(DAMLA_MPI)
    list(JOIN MPI_CXX_LIBRARIES " " mpi)
    string(APPEND damla_pc_links " ${mpi}")
  endif()
  if(TARGET utf8proc::utf8proc)
    set(damla_pc_needs "libutf8proc")
  endif()
endif()
foreach(name IN ITEMS damla damla_double)
  set(damla_pc_flags ${damla_native})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND damla_pc_flags -Wno-ignored-attributes)  # Eigen, which pkg-config does not call a system's header
  endif()
  if(DAMLA_STEP)
    list(APPEND damla_pc_flags -DDAMLA_STEP)
  endif()
  if(name STREQUAL "damla_double")
    list(APPEND damla_pc_flags -DDAMLA_DOUBLE)
  endif()
  list(JOIN damla_pc_flags " " damla_pc_flags)
  configure_file(cmake/damla.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
