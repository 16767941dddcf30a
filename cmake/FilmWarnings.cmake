# Warnings and sanitizers for our own targets only; third-party headers are SYSTEM and stay silent.
add_library(film_warnings INTERFACE)
target_compile_options(film_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror)
# GCC 12 reports overlapping and oversized copies inside std::string that cannot happen (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(film_warnings INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-stringop-overread)
endif()
if(FILM_SANITIZE)
  target_compile_options(film_warnings INTERFACE -fsanitize=${FILM_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(film_warnings INTERFACE -fsanitize=${FILM_SANITIZE})
endif()
# The compiler's own memory is collected less often: a tenth less time for some 100 MB more.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(--param=ggc-min-heapsize=262144 --param=ggc-min-expand=200)
endif()
