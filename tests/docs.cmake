# What the tests of lessons and pages need besides C++: where the lessons lie, and the check of the pages.
if(DAMLA_EXAMPLES)
  target_compile_definitions(tests_float PRIVATE DAMLA_LESSONS="${PROJECT_BINARY_DIR}/examples")
  add_dependencies(tests_float 01_rap_or_arabesk)
  target_compile_definitions(tests_double PRIVATE DAMLA_LESSONS="${PROJECT_BINARY_DIR}/examples")
  add_dependencies(tests_double gpt_on_one_page)
endif()

find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND)
  add_test(NAME "docs: pages, map and glossary fit the lessons"
           COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/docs.py ${PROJECT_SOURCE_DIR})
  if(DAMLA_EXAMPLES)
    add_test(NAME "lessons: the page of the tour"
             COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/lessons/tour.py $<TARGET_FILE:damla_tour> $<TARGET_FILE:01_rap_or_arabesk>)
  endif()
endif()
