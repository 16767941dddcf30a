#pragma once
// Enums whose values have names, in one table beside the enum:
//
//   enum class Offload { none, cpu, disk };
//   constexpr auto enum_names(Offload) {
//     return std::array{EnumName{Offload::none, "none"}, EnumName{Offload::cpu, "cpu"},
//                       EnumName{Offload::disk, "disk"}};
//   }
//
// With that, name_of() and from_name() know it, member<Offload>(json, ...) reads it and Fields::add() takes it.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "film/base/error.h"

namespace film {

template <class E>
struct EnumName {
  E value;
  std::string_view name;
};

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires {
  enum_names(E{});
};

// Throws internal_error for a value that the table does not have.
template <NamedEnum E>
std::string name_of(E value) {
  for (const EnumName<E>& row : enum_names(E{}))
    if (row.value == value) return std::string(row.name);
  throw internal_error("a value of an enum has no name: " + std::to_string(static_cast<long>(value)));
}

template <NamedEnum E>
constexpr std::optional<E> from_name(std::string_view name) {
  for (const EnumName<E>& row : enum_names(E{}))
    if (row.name == name) return row.value;
  return std::nullopt;
}

// All names, in the order of the table.
template <NamedEnum E>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  for (const EnumName<E>& row : enum_names(E{})) names.emplace_back(row.name);
  return names;
}

}  // namespace film
