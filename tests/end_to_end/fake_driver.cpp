// A driver that says what FILM_TEST_DRIVER asks for: "VERSION ERROR GPUS", the answers of three calls of libcuda.so.1.
#include <cstdio>
#include <cstdlib>

namespace {

struct Answers {
  int version = 13000, error = 0, gpus = 1;
  Answers() {
    if (const char* asked = std::getenv("FILM_TEST_DRIVER"))
      if (std::sscanf(asked, "%d %d %d", &version, &error, &gpus) < 1) std::abort();
  }
};

}  // namespace

extern "C" int cuDriverGetVersion(int* version) {
  *version = Answers().version;
  return 0;
}
extern "C" int cuInit(unsigned) { return Answers().error; }
extern "C" int cuDeviceGetCount(int* count) {
  *count = Answers().gpus;
  return 0;
}
