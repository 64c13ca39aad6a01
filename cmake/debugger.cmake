# gdb loads PROGRAM-gdb.py, which lies beside a program, when it opens that program.
get_directory_property(targets DIRECTORY ${PROJECT_SOURCE_DIR}/examples BUILDSYSTEM_TARGETS)
foreach(target IN LISTS targets)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")
    file(GENERATE OUTPUT $<TARGET_FILE:${target}>-gdb.py
         CONTENT "import gdb\ngdb.execute('source ${PROJECT_SOURCE_DIR}/cmake/gdb/damla.py')\n")
  endif()
endforeach()
