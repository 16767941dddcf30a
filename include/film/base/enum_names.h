#pragma once
// Enums of a few words: one table of names, beside the enum, found by its type.
//
//   enum class Split { train, validation, test };
//   constexpr auto enum_names(Split) {
//     return std::array{EnumName{Split::train, "train"}, EnumName{Split::validation, "validation"}, …};
//   }
//
//   to_text(Split::train) == "train";  from_text<Split>("test") == Split::test
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace film {

template <class E>
struct EnumName {
  E value;
  const char* name;
};

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E value) {
  enum_names(value);
};

template <NamedEnum E>
std::string to_text(E value) {
  for (const auto& entry : enum_names(E{}))
    if (entry.value == value) return entry.name;
  return "?";
}

template <NamedEnum E>
constexpr std::optional<E> from_text(std::string_view name) {
  for (const auto& entry : enum_names(E{}))
    if (name == entry.name) return entry.value;
  return std::nullopt;
}

// "train, validation, test", for messages.
template <NamedEnum E>
std::string enum_choices() {
  std::string text;
  for (const auto& entry : enum_names(E{})) text += (text.empty() ? "" : ", ") + std::string(entry.name);
  return text;
}

}  // namespace film
