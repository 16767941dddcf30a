// What the loader says of libraries that do not open, as users need it.
#include "film/engine/open_failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace film::engine {
namespace {

using ::testing::HasSubstr;

TEST(OpenFailure, SaysWhatIsTooOld) {
  struct Case {
    const char *why, *what, *remedy;
  };
  for (const auto& [why, what, remedy] : {
           Case{"/lib64/libm.so.6: version `GLIBC_2.29' not found (required by "
                "/opt/torch/lib/libtorch_cpu.so)",
                "needs a C library with GLIBC_2.29, this system's is glibc ", "RHEL 9"},
           Case{"/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./libc10.so)",
                "needs a C library with GLIBC_2.38", "scripts/containers"},
           Case{"/opt/conda/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by "
                "./libfilm_engine.so)",
                "needs a C++ library with GLIBCXX_3.4.30", "LD_LIBRARY_PATH"},
           Case{"/usr/lib64/libstdc++.so.6: version `CXXABI_1.3.13' not found (required by x.so)",
                "needs a C++ library with CXXABI_1.3.13", "LD_LIBRARY_PATH"},
           Case{"/a/libcublas.so.13: version `libcublas.so.13.1' not found (required by libtorch_cuda.so)",
                "of different versions", "ask for it again"},
           Case{"libgomp.so.1: cannot open shared object file: No such file or directory",
                "cannot open the library: libgomp.so.1", "ask for it again"},
       }) {
    const OpenFailure failure = open_failure("the library", why, "ask for it again");
    EXPECT_THAT(failure.what, HasSubstr(what));
    EXPECT_THAT(failure.what, HasSubstr(why));
    EXPECT_THAT(failure.remedy, HasSubstr(remedy));
    EXPECT_EQ(error_of(failure).code(), ExitCode::config);
  }
}

TEST(OpenFailure, LimitsOfTheProcessAreTheSystems) {
  for (const char* why : {"x.so: failed to map segment from shared object: Cannot allocate memory",
                          "x.so: cannot open shared object file: Too many open files",
                          "x.so: cannot open shared object file: Too many open files in system"}) {
    const OpenFailure failure = open_failure("the library", why, "none");
    EXPECT_THAT(failure.remedy, HasSubstr("ulimit"));
    EXPECT_NE(error_of(failure).code(), ExitCode::config);
  }
}

}  // namespace
}  // namespace film::engine
