# Run by quorum_version: writes OUTPUT from VERSION, COMPILER, FLAGS and what GIT says of SOURCE.
set(commit "")
if(GIT AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit RESULT_VARIABLE status
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT status EQUAL 0)
    set(commit "")
  else()
    execute_process(COMMAND ${GIT} -C ${SOURCE} diff --quiet HEAD -- RESULT_VARIABLE differs ERROR_QUIET OUTPUT_QUIET)
    if(NOT differs EQUAL 0)
      string(APPEND commit "-dirty")
    endif()
  endif()
endif()
set(text "#include \"harness/build_info.h\"

namespace quorum {

const BuildInfo& build_info() {
  static const BuildInfo info{\"${VERSION}\", \"${commit}\", R\"(${COMPILER})\", R\"(${FLAGS})\"};
  return info;
}

}  // namespace quorum
")
set(old "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
