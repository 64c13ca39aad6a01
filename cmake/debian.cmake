# What Debian's policy wants of a package's files, after they are installed and before they are packed.
if(CPACK_DAMLA_NATIVE)
  message(FATAL_ERROR "This build uses all instructions of this machine (DAMLA_NATIVE), and a package is for other machines too: ./go deb")
endif()
set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share)
set(doc ${share}/doc/damla)
file(REMOVE ${doc}/LICENSE)

file(STRINGS ${CPACK_DAMLA_LICENSE} lines)
list(FILTER lines EXCLUDE REGEX "^MIT License")
list(FILTER lines EXCLUDE REGEX "^$")
list(POP_FRONT lines owner)
string(REGEX REPLACE "^Copyright \\(c\\) " "" owner "${owner}")
list(JOIN lines "\n " licence)
file(WRITE ${doc}/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: damla

Files: *
Copyright: ${owner}
License: Expat
 ${licence}
")
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog "damla (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
# Without that flag Eigen, whose folder pkg-config does not call a system's, warns in every program.
file(WRITE ${share}/lintian/overrides/damla "damla: pkg-config-bad-directive *-Wno-ignored-attributes*\n")
file(GLOB_RECURSE pages ${share}/man/*.1)
execute_process(COMMAND gzip -9nf ${doc}/changelog ${pages} COMMAND_ERROR_IS_FATAL ANY)
