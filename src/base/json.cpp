#include "film/base/json.h"

#include <set>
#include <vector>

#include "film/base/files.h"

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace film {
namespace {

constexpr std::size_t kMaxDepth = 64;

// Makes the value while the parser reads, and says why it stopped.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& value) override { return add(std::move(value)); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Open& object = open_.back();
    if (!object.names.insert(name).second) {
      problem_ = "duplicate key \"" + name + "\"";
      duplicate_ = true;
      return false;
    }
    // At the end at once: the map's own insertion would look through all keys again.
    object.value->get_ref<Json::object_t&>().emplace_back(std::move(name), Json());
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
    const std::string_view message = error.what();  // "[json.exception.parse_error.101] parse error at ..."
    const std::size_t end = message.find("] ");
    problem_ = "not valid JSON: ";
    problem_ += end == std::string_view::npos ? message : message.substr(end + 2);
    return false;
  }

  Json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }
  bool duplicate() const { return duplicate_; }

 private:
  struct Open {
    Json* value;
    std::set<std::string> names;  // of an object
  };

  // Where the next value goes. Only the innermost open value grows, so the others do not move.
  Json& slot() {
    if (open_.empty()) return root_;
    Json& parent = *open_.back().value;
    if (parent.is_object()) return parent.get_ref<Json::object_t&>().back().second;
    parent.push_back(nullptr);
    return parent.back();
  }

  template <class T>
  bool add(T&& value) {
    slot() = std::forward<T>(value);
    return true;
  }

  bool open(Json empty) {
    if (open_.size() >= kMaxDepth) {
      problem_ = "nested deeper than 64 levels";
      return false;
    }
    Json& value = slot();
    value = std::move(empty);
    open_.push_back({&value, {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Open> open_;
  std::string problem_;
  bool duplicate_ = false;
};

bool parse(std::string_view text, bool comments, Builder& builder) {
  return Json::sax_parse(text.begin(), text.end(), &builder, Json::input_format_t::json, true, comments);
}

}  // namespace

std::optional<Json> try_parse_json(std::string_view text, std::string* problem, bool comments) {
  Builder builder;
  if (parse(text, comments, builder)) return builder.take();
  if (problem != nullptr) *problem = builder.problem();
  return std::nullopt;
}

Json parse_json(std::string_view text, std::string_view where, bool comments) {
  Builder builder;
  if (parse(text, comments, builder)) return builder.take();
  throw bad_data(std::string(where) + ": " + builder.problem(),
                 builder.duplicate() ? "keep one of the two" : "");
}

Json read_json(const std::filesystem::path& path) { return parse_json(read_file(path), path.string(), true); }

std::string to_line(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_pretty(const Json& value) {
  return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace film
