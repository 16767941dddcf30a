#include "rope_scaling.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace film::engine {
namespace {

// The keys of one object of config.json; null is as absent.
class Rope {
 public:
  Rope(const Json& json, std::string where) : json_(json), where_(std::move(where)) { check_keys(); }

  bool has(const char* key) const { return json_.contains(key) && !json_.at(key).is_null(); }
  const std::string& where() const { return where_; }

  template <class T>
  T get(const char* key) const {
    return member<T>(json_, key, where_);
  }
  template <class T>
  T get(const char* key, T otherwise) const {
    return has(key) ? get<T>(key) : otherwise;
  }
  double positive(const char* key, double otherwise = NAN) const {
    const double value = std::isnan(otherwise) ? get<double>(key) : get<double>(key, otherwise);
    if (value > 0 && value <= 1e12) return value;
    throw bad_data(where_ + ": key \"" + key + "\" must be a number above 0, got " +
                   to_line(json_.value(key, Json(value))));
  }

  std::string type() const {
    if (has("rope_type")) return get<std::string>("rope_type");
    if (has("type")) return get<std::string>("type");
    if (!has("factor") || get<double>("factor") == 1) return "default";
    throw bad_data(where_ + " has a factor, but no rope_type", "name the rope_type, or set it to null");
  }

 private:
  // A key that is not known might change what the model computes.
  void check_keys() const {
    if (!json_.is_object()) throw bad_data(where_ + " must be an object or null, got " + to_line(json_));
    for (const auto& [name, value] : json_.items()) {
      constexpr std::array kKnown = {"rope_type",
                                     "type",
                                     "rope_theta",
                                     "factor",
                                     "partial_rotary_factor",
                                     "original_max_position_embeddings",
                                     "max_position_embeddings",
                                     "low_freq_factor",
                                     "high_freq_factor",
                                     "attention_factor",
                                     "beta_fast",
                                     "beta_slow",
                                     "mscale",
                                     "mscale_all_dim",
                                     "truncate",
                                     "finetuned",
                                     "short_factor",
                                     "long_factor"};
      if (value.is_object())
        throw bad_data(where_ + ": RoPE by type of layer (" + name + ") is not supported");
      if (std::ranges::find(kKnown, name) == kKnown.end())
        throw bad_data(where_ + ": key \"" + name + "\" is not known");
    }
  }

  const Json& json_;
  std::string where_;
};

double mscale(double factor, double scale) { return factor <= 1 ? 1 : 0.1 * scale * std::log(factor) + 1; }

// What cosines and sines are multiplied by: YaRN's temperature (arXiv 2309.00071, section 3.4).
double yarn_attention_factor(const Rope& rope, double factor) {
  if (rope.has("attention_factor")) return rope.positive("attention_factor");
  const double one = rope.get("mscale", 0.0), all = rope.get("mscale_all_dim", 0.0);
  return one != 0 && all != 0 ? mscale(factor, one) / mscale(factor, all) : mscale(factor, 1);
}

RopeScaling yarn(const Rope& rope, std::int64_t max_position_embeddings) {
  const auto whole = static_cast<double>(max_position_embeddings);
  RopeScaling s{.type = RopeType::yarn};
  s.original = rope.positive("original_max_position_embeddings", whole);
  s.factor = rope.has("original_max_position_embeddings") ? rope.positive("factor", whole / s.original)
                                                          : rope.positive("factor");
  s.beta_fast = rope.positive("beta_fast", 32);
  s.beta_slow = rope.positive("beta_slow", 1);
  s.truncate = rope.get("truncate", true);
  s.attention_factor = yarn_attention_factor(rope, s.factor);
  return s;
}

RopeScaling llama3(const Rope& rope) {
  const RopeScaling s{.type = RopeType::llama3,
                      .factor = rope.positive("factor"),
                      .original = rope.positive("original_max_position_embeddings"),
                      .low_freq_factor = rope.positive("low_freq_factor"),
                      .high_freq_factor = rope.positive("high_freq_factor")};
  if (s.low_freq_factor < s.high_freq_factor) return s;
  throw bad_data(rope.where() + ": low_freq_factor must be below high_freq_factor");
}

RopeScaling scaling_of(const Rope& rope, std::int64_t max_position_embeddings) {
  if (rope.get("partial_rotary_factor", 1.0) != 1)
    throw bad_data(rope.where() + ": partial_rotary_factor is not supported");
  const std::string type = rope.type();
  if (type == "default") return {};
  if (type == "linear") return {.type = RopeType::linear, .factor = rope.positive("factor")};
  if (type == "llama3") return llama3(rope);
  if (type == "yarn") return yarn(rope, max_position_embeddings);
  throw bad_data(rope.where() + ": RoPE scaling \"" + type + "\" is not supported",
                 "film computes default, linear, llama3 and yarn");
}

}  // namespace

RopeReading rope_of(const Json& config, std::int64_t max_position_embeddings, const std::string& where) {
  const auto given = [&](const char* key) { return config.contains(key) && !config.at(key).is_null(); };
  RopeReading read;
  if (given("rope_theta")) read.theta = member<double>(config, "rope_theta", where);
  if (given("rope_scaling") && given("rope_parameters") &&
      config.at("rope_scaling") != config.at("rope_parameters"))
    throw bad_data(where + ": rope_scaling and rope_parameters are both set and differ",
                   "set one of them to null");
  const char* key = given("rope_scaling") ? "rope_scaling" : "rope_parameters";
  if (!given(key)) return read;
  const Rope rope(config.at(key), where + ": " + key);
  read.theta = rope.get("rope_theta", read.theta);
  read.scaling = scaling_of(rope, max_position_embeddings);
  return read;
}

}  // namespace film::engine
