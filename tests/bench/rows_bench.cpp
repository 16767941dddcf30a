// Training rows from recipes: film_bench_rows DATA [ROUNDS]. Gives the ids of every context of DATA, one after another on one
// thread, as film train asks for them, and says how many tokens a CPU second that are.
#include <time.h>

#include <cstdio>
#include <cstdlib>

#include "film/folders/data_folder.h"

namespace {

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: film_bench_rows DATA [ROUNDS]\n");
    return 2;
  }
  const film::folders::DataFolder data(argv[1]);
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  for (int round = 0; round < rounds; ++round) {
    const double begin = cpu_seconds();
    std::uint64_t tokens = 0, sum = 0;
    for (const film::Context& context : data.contexts()) {
      const film::text::TokenIds ids = data.tokens(context);
      tokens += ids.size();
      for (const film::text::TokenId id : ids) sum += static_cast<std::uint64_t>(id);
    }
    const double seconds = cpu_seconds() - begin;
    std::printf("%zu contexts, %llu tokens, %.2f CPU s, %.0f M tokens a CPU second (sum of ids %llu)\n",
                data.contexts().size(), static_cast<unsigned long long>(tokens), seconds,
                static_cast<double>(tokens) / seconds / 1e6, static_cast<unsigned long long>(sum));
  }
  return 0;
}
