# Everything third-party, as targets. Debian packages by their own CMake files or by name; Torch is the PyPI wheel,
# used through imported targets of our own: find_package(Torch) would make libtorch_cuda a hard dependency of film.
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(LibLZMA REQUIRED)
find_package(BZip2 REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ICU REQUIRED COMPONENTS uc)

# film_system_library(NAME HEADER LIBRARY): an imported target for a library that ships no CMake file.
function(film_system_library name header library)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  find_library(${name}_LIBRARY ${library} REQUIRED)
  add_library(${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${name} SYSTEM INTERFACE ${${name}_INCLUDE})
  target_link_libraries(${name} INTERFACE ${${name}_LIBRARY})
endfunction()

film_system_library(sentencepiece sentencepiece_processor.h sentencepiece)
film_system_library(zstd zstd.h zstd)
film_system_library(uchardet uchardet/uchardet.h uchardet)

if(FILM_ENGINE)
  set(FILM_TORCH_DIR "$ENV{FILM_TORCH_DIR}" CACHE PATH "A torch folder with include/ and lib/ (the PyPI wheel's torch/)")
  if(NOT EXISTS "${FILM_TORCH_DIR}/lib/libtorch_cpu.so")
    message(FATAL_ERROR "FILM_TORCH_DIR='${FILM_TORCH_DIR}' has no lib/libtorch_cpu.so. "
      "Run scripts/setup.sh (it installs the pinned wheel), set FILM_TORCH_DIR, or configure with -DFILM_ENGINE=OFF.")
  endif()
  foreach(library torch_cpu c10)
    add_library(${library} SHARED IMPORTED GLOBAL)
    set_target_properties(${library} PROPERTIES IMPORTED_LOCATION ${FILM_TORCH_DIR}/lib/lib${library}.so)
    target_include_directories(${library} SYSTEM INTERFACE
      ${FILM_TORCH_DIR}/include ${FILM_TORCH_DIR}/include/torch/csrc/api/include)
  endforeach()
  add_library(film_torch INTERFACE)
  target_link_libraries(film_torch INTERFACE torch_cpu c10)
  # at::parallel_for is a header, and serial without it. The OpenMP library is the one that Torch brings, since a process must
  # not have two of them.
  target_compile_options(film_torch INTERFACE -fopenmp)
  file(GLOB gomp ${FILM_TORCH_DIR}/lib/libgomp*.so*)
  if(NOT gomp)
    set(gomp gomp)
  endif()
  target_link_libraries(film_torch INTERFACE ${gomp})
  # The wheel's own dependencies (CUDA runtime, CUPTI) are found by its RPATH at run time, not at link time.
  target_link_options(film_torch INTERFACE -Wl,--allow-shlib-undefined)
endif()
