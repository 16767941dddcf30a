# What makes a build from nothing quick: sources compiled together, precompiled headers, and little optimisation where
# it does not count.

# film_join_sources(LIST MODULE): with FILM_UNITY, replaces the list of a module's sources by files that include up to 16
# of them each: sources of one module instantiate the same templates, which are then compiled once. So names in anonymous
# namespaces must differ within a module. (CMake's UNITY_BUILD writes absolute paths, which a compiler cache cannot
# share between checkouts.)
function(film_join_sources list module)
  list(LENGTH ${list} count)
  if(NOT FILM_UNITY OR count EQUAL 1)
    return()
  endif()
  math(EXPR parts "(${count} + 15) / 16")
  set(joined)
  foreach(part RANGE 1 ${parts})
    math(EXPR begin "(${part} - 1) * ${count} / ${parts}")
    math(EXPR length "${part} * ${count} / ${parts} - ${begin}")
    list(SUBLIST ${list} ${begin} ${length} group)
    list(TRANSFORM group REPLACE "^${CMAKE_SOURCE_DIR}/src/(.*)$" "#include \"\\1\"\n")
    list(JOIN group "" FILM_JOINED)
    set(file ${CMAKE_BINARY_DIR}/joined/${module}_${part}.cpp)
    file(CONFIGURE OUTPUT ${file} CONTENT "@FILM_JOINED@" @ONLY)  # written only where it differs
    list(APPEND joined ${file})
  endforeach()
  set_source_files_properties(${joined} PROPERTIES INCLUDE_DIRECTORIES ${CMAKE_SOURCE_DIR}/src)
  set(${list} ${joined} PARENT_SCOPE)
endfunction()

# -O1 compiles in about two thirds of the time of -O3.
function(film_compile_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# film_share_headers(TARGET KIND): the headers that most sources include and that take longest to parse, precompiled
# once for all targets of a kind, since a precompiled header serves only targets with the same compiler options:
# hot and plain (modules without Torch), cli, torch (modules with Torch), test and torch_test (their tests).
set(FILM_COMMON_HEADERS <algorithm> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <unordered_map> <vector> <nlohmann/json.hpp> <fmt/format.h>)
add_library(film_third_party INTERFACE)
target_link_libraries(film_third_party INTERFACE nlohmann_json::nlohmann_json spdlog::spdlog fmt::fmt simdjson::simdjson)
set(FILM_TORCH_HEADERS <ATen/ATen.h> <ATen/Parallel.h>)
set(FILM_TEST_HEADERS <gmock/gmock.h> <gtest/gtest.h>)
function(film_share_headers target kind)
  set(holder film_headers_${kind})
  if(NOT TARGET ${holder})
    file(WRITE ${CMAKE_BINARY_DIR}/${holder}.cpp "")
    add_library(${holder} STATIC ${CMAKE_BINARY_DIR}/${holder}.cpp)
    target_link_libraries(${holder} PUBLIC film_third_party PRIVATE film_warnings)
    set(headers ${FILM_COMMON_HEADERS})
    if(kind MATCHES torch)
      target_link_libraries(${holder} PUBLIC film_torch)
      target_compile_definitions(${holder} PRIVATE FMT_HEADER_ONLY)
      list(APPEND headers ${FILM_TORCH_HEADERS})
    endif()
    if(kind MATCHES test)
      target_link_libraries(${holder} PUBLIC GTest::gmock)
      target_compile_options(${holder} PRIVATE -fPIE)  # as executables are compiled, and not as libraries
      list(APPEND headers ${FILM_TEST_HEADERS})
    endif()
    if(kind STREQUAL cli)
      target_link_libraries(${holder} PUBLIC CLI11::CLI11)
      list(APPEND headers <CLI/CLI.hpp>)
    endif()
    if(kind MATCHES "^(test|plain|cli)$")
      film_compile_quickly(${holder})
    endif()
    target_precompile_headers(${holder} PRIVATE ${headers})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${holder})
endfunction()
