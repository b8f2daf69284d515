# quorum_version(TARGET): compiles the version, the commit and the compiler into TARGET as harness/build_info.h. The commit
# is looked up at each build, the file is written only when it changed, and a missing git or repository gives no commit.
function(quorum_version target)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/build_info.cpp)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  set(flags "${CMAKE_BUILD_TYPE} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} -ffp-contract=off")
  if(QUORUM_SANITIZE)
    string(APPEND flags " -fsanitize=${QUORUM_SANITIZE}")
  endif()
  string(REGEX REPLACE " +" " " flags "${flags}")
  find_program(QUORUM_GIT git)
  set(command
      ${CMAKE_COMMAND} -DOUTPUT=${output} -DVERSION=${PROJECT_VERSION} "-DGIT=${QUORUM_GIT}"
      -DSOURCE=${PROJECT_SOURCE_DIR} "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
      "-DFLAGS=${flags}" -P ${PROJECT_SOURCE_DIR}/cmake/VersionFile.cmake)
  add_custom_target(${target}_version COMMAND ${command} BYPRODUCTS ${output} VERBATIM)
  target_sources(${target} PRIVATE ${output})
  set_source_files_properties(${output} PROPERTIES GENERATED TRUE)
  add_dependencies(${target} ${target}_version)
endfunction()
