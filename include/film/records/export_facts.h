#pragma once
// Facts in the manifest.json of a folder that `film export` wrote (docs/formats.md).
#include <cstdint>
#include <map>
#include <string>

#include "film/base/json_fields.h"

namespace film {

struct ExportFacts {
  std::string form;
  std::map<std::string, std::uint64_t> rows;  // questions by split; only splits that have some

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant("kind", "export");
    visit("form", facts.form);
    visit("rows", facts.rows);
  }
};

FILM_DECLARE_JSON(ExportFacts);

}  // namespace film
