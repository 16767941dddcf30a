#include "film/base/json_fields.h"

namespace film::detail {
namespace {

std::string subject(std::string_view where, const std::string& path) {
  return std::string(where) + (path.empty() ? ": the record" : ": key \"" + path + "\"");
}

}  // namespace

Error wrong_type(std::string_view where, const std::string& path, const Json& got) {
  return bad_data(subject(where, path) + " has the wrong type: " + to_line(got));
}

Error missing_key(std::string_view where, const std::string& path) {
  return bad_data(subject(where, path) + " is missing");
}

Error unknown_name(std::string_view where, const std::string& path, const Json& got,
                   const std::string& expected) {
  return bad_data(subject(where, path) + " is " + to_line(got) + ", expected " + expected);
}

}  // namespace film::detail
