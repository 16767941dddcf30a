#include "film/base/json.h"

#include <set>
#include <vector>

#include "film/base/files.h"

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace film {
namespace {

constexpr int kMaxDepth = 64;

// Watches the parse: one set of keys per open object.
class Guard {
 public:
  explicit Guard(std::string_view where) : where_(where) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    const bool opens = event == Event::object_start || event == Event::array_start;
    if (opens && depth >= kMaxDepth)
      throw bad_data(where_ + ": nested deeper than 64 levels");  // depth from 0
    if (event == Event::object_start) open_.emplace_back();
    if (event == Event::object_end) open_.pop_back();
    if (event == Event::key && !open_.back().insert(parsed.get<std::string>()).second)
      throw bad_data(where_ + ": duplicate key \"" + parsed.get<std::string>() + "\"", "keep one of the two");
    return true;
  }

 private:
  std::string where_;
  std::vector<std::set<std::string>> open_;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view where, bool comments) {
  try {
    Guard guard(where);
    return Json::parse(text.begin(), text.end(), std::ref(guard), true, comments);
  } catch (const nlohmann::json::exception& error) {
    const std::string_view message = error.what();  // "[json.exception.parse_error.101] parse error at ..."
    const std::size_t end = message.find("] ");
    const std::string_view reason = end == std::string_view::npos ? message : message.substr(end + 2);
    throw bad_data(std::string(where) + ": not valid JSON: " + std::string(reason));
  }
}

Json read_json(const std::filesystem::path& path) { return parse_json(read_file(path), path.string(), true); }

std::string to_line(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_pretty(const Json& value) {
  return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace film
