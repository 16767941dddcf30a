#include "film/benchmarks/benchmarks.h"

#include <map>

#include "essays.h"
#include "film/base/content_hash.h"
#include "nolima.h"
#include "ruler_rows.h"

namespace film::benchmarks {

Json input_hashes(const Settings& settings) {
  Json hashes = {{"tokenizer", content_hash(settings.tokenizer)}};
  const bool ruler = settings.benchmark == Benchmark::ruler;
  const std::string& texts = ruler ? settings.ruler.essays : settings.nolima.books;
  if (!texts.empty()) hashes["texts"] = sources::listing_sha256(text_files(texts, "texts"));
  const std::map<std::string, std::string> files = {{"ruler.words", ruler ? settings.ruler.words : ""},
                                                    {"ruler.squad", ruler ? settings.ruler.squad : ""},
                                                    {"ruler.hotpotqa", ruler ? settings.ruler.hotpotqa : ""},
                                                    {"nolima.needles", ruler ? "" : settings.nolima.needles}};
  for (const auto& [key, path] : files)
    if (!path.empty()) hashes[key] = content_hash(path);
  return hashes;
}

Written write_benchmark(const Settings& settings, const fs::path& out, std::uint64_t limit) {
  return settings.benchmark == Benchmark::ruler ? write_ruler(settings, out, limit)
                                                : write_nolima(settings, out, limit);
}

}  // namespace film::benchmarks
