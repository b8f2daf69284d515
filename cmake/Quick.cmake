# For code that is compiled more often than it matters how fast it runs.

# quorum_quick(TARGET [FROM OTHER] [HEADERS ...]): lightly optimised, and heavy HEADERS are read once for all its sources, or
# taken from OTHER, which has the same. A compiler cache keeps objects and cannot look into such headers: with one every source
# reads its own, which also shows those that forget an include.
function(quorum_quick target)
  cmake_parse_arguments(ARG "" "FROM" "HEADERS" ${ARGN})
  target_compile_options(${target} PRIVATE $<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:CXX>>:-O1>)
  if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache|sccache" OR NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    return()
  endif()
  # One that does not fit is not used, and that is no mistake.
  set_target_properties(${target} PROPERTIES PCH_WARN_INVALID OFF)
  if(ARG_FROM)
    target_precompile_headers(${target} REUSE_FROM ${ARG_FROM})
  else()
    target_precompile_headers(${target} PRIVATE ${ARG_HEADERS})
  endif()
endfunction()
