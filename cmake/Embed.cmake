# quorum_embed(TARGET FILE NAME): compiles FILE's bytes into TARGET as `extern const std::string_view NAME` of namespace
# quorum::embedded. Declare it where it is used. FILE is a path in this folder, or a library that is built here.
function(quorum_embed target file name)
  if(TARGET ${file})
    set(input $<TARGET_FILE:${file}>)
  else()
    set(input ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endif()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DNAME=${name}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
    DEPENDS ${input} ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake)
  target_sources(${target} PRIVATE ${output})
endfunction()
