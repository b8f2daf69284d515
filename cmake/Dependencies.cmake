# Every third-party library, in one place. Static archives where the distribution has them, so that the program built on
# Debian 12 runs on newer systems; docs/DEPENDENCIES.md gives the reason for each.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json REQUIRED)

# quorum_find_library(NAME static-or-shared-names...): an imported target dep::NAME.
function(quorum_find_library name header)
  find_library(QUORUM_${name}_LIBRARY NAMES ${ARGN} REQUIRED)
  find_path(QUORUM_${name}_INCLUDE NAMES ${header} REQUIRED)
  add_library(dep::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(dep::${name} PROPERTIES IMPORTED_LOCATION ${QUORUM_${name}_LIBRARY}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${QUORUM_${name}_INCLUDE}")
endfunction()

quorum_find_library(sqlite3 sqlite3.h libsqlite3.a sqlite3)
quorum_find_library(sqlitecpp SQLiteCpp/SQLiteCpp.h libSQLiteCpp.a SQLiteCpp)
quorum_find_library(zstd zstd.h libzstd.a zstd)
quorum_find_library(utf8proc utf8proc.h libutf8proc.a utf8proc)
set_property(TARGET dep::utf8proc PROPERTY INTERFACE_COMPILE_DEFINITIONS UTF8PROC_STATIC)
quorum_find_library(seccomp seccomp.h libseccomp.a seccomp)
quorum_find_library(onig oniguruma.h libonig.a onig)
quorum_find_library(gmp gmp.h libgmp.a gmp)
quorum_find_library(mpfr mpfr.h libmpfr.a mpfr)
quorum_find_library(flint flint/fmpz_mpoly.h libflint.a flint)
set_property(TARGET dep::flint PROPERTY INTERFACE_LINK_LIBRARIES "dep::mpfr;dep::gmp;Threads::Threads")
# FLINT 3 has Arb, Antic and Calcium in it; before, they are libraries of their own, and their headers include each other
# without a folder.
find_path(QUORUM_flint3 NAMES flint/ca.h)
if(NOT QUORUM_flint3)
  quorum_find_library(antic antic/nf_elem.h libantic.a antic)
  quorum_find_library(arb acb.h libflint-arb.a flint-arb arb)
  quorum_find_library(calcium calcium/ca.h libcalcium.a calcium)
  set_property(TARGET dep::arb PROPERTY INTERFACE_LINK_LIBRARIES "dep::flint")
  set_property(TARGET dep::calcium PROPERTY INTERFACE_LINK_LIBRARIES "dep::arb;dep::antic;dep::flint")
  foreach(folder calcium antic flint)
    set_property(TARGET dep::calcium APPEND PROPERTY INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${QUORUM_${folder}_INCLUDE}/${folder}")
  endforeach()
else()
  add_library(dep_calcium INTERFACE)
  target_link_libraries(dep_calcium INTERFACE dep::flint)
  add_library(dep::calcium ALIAS dep_calcium)
endif()
set_property(TARGET dep::sqlitecpp PROPERTY INTERFACE_LINK_LIBRARIES "dep::sqlite3;Threads::Threads;${CMAKE_DL_LIBS}")

# Newer re2 packages depend on Abseil and say so in re2.pc; Debian 12's archive stands alone.
find_path(QUORUM_re2_INCLUDE NAMES re2/re2.h REQUIRED)
pkg_check_modules(RE2 QUIET re2)
add_library(dep_re2 INTERFACE)
if(EXISTS ${QUORUM_re2_INCLUDE}/absl OR RE2_LIBRARIES MATCHES absl)
  target_link_libraries(dep_re2 INTERFACE ${RE2_LINK_LIBRARIES})
else()
  find_library(QUORUM_re2_LIBRARY NAMES libre2.a re2 REQUIRED)
  target_link_libraries(dep_re2 INTERFACE ${QUORUM_re2_LIBRARY} Threads::Threads)
endif()
add_library(dep::re2 ALIAS dep_re2)

add_library(dep_fmt INTERFACE)
target_compile_definitions(dep_fmt INTERFACE FMT_HEADER_ONLY=1)
add_library(dep::fmt ALIAS dep_fmt)

add_library(dep_boost INTERFACE)
target_include_directories(dep_boost SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_compile_definitions(dep_boost INTERFACE BOOST_ERROR_CODE_HEADER_ONLY BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(dep_boost INTERFACE Threads::Threads)
add_library(dep::boost ALIAS dep_boost)

add_library(dep::json ALIAS nlohmann_json::nlohmann_json)
