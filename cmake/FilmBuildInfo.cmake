# What `film --version` says about this build. The revision is read at configure time.
execute_process(COMMAND git -C ${CMAKE_SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE FILM_REVISION OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT FILM_REVISION)
  set(FILM_REVISION unknown)
endif()
set(FILM_TORCH_VERSION none)
if(FILM_ENGINE AND EXISTS ${FILM_TORCH_DIR}/include/torch/headeronly/version.h)
  file(STRINGS ${FILM_TORCH_DIR}/include/torch/headeronly/version.h torch_line REGEX "define TORCH_VERSION ")
  string(REGEX REPLACE ".*\"(.*)\".*" "\\1" FILM_TORCH_VERSION "${torch_line}")
endif()
configure_file(${CMAKE_SOURCE_DIR}/cmake/build_info.h.in ${CMAKE_BINARY_DIR}/generated/film_build_info.h)
