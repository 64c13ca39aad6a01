# cpack -G DEB makes one package of what cmake --install installs; ./go deb makes it for other machines than this one.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "damla contributors <damla@packages.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "language models from a text of your own, on a laptop")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "The program damla trains a GPT on a text of your own and lets it write.
The library damla is a transformer library in C++20, to read, step through,
change and train with.")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Whoever only trains can leave out what links a program of their own (apt install --no-install-recommends).
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "g++, libeigen3-dev, libfmt-dev, libutf8proc-dev, pkg-config")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnuplot-nox | gnuplot, cmake")
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian.cmake)
set(CPACK_DAMLA_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_DAMLA_NATIVE ${DAMLA_NATIVE})
include(CPack)
