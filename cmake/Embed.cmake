# quorum_embed(TARGET FILE NAME): compiles FILE's bytes into TARGET as `extern const std::string_view NAME` of namespace
# quorum::embedded. Declare it where it is used.
function(quorum_embed target file name)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUTPUT=${output} -DNAME=${name}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake)
  target_sources(${target} PRIVATE ${output})
endfunction()
