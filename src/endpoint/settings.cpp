#include "film/endpoint/settings.h"

#include "address.h"
#include "film/base/error.h"
#include "film/base/files.h"
#include "server_settings.h"

namespace film::endpoint {

namespace {

void check_addresses(const EndpointSettings& settings) {
  const std::vector<EndpointSettings> servers = settings_of_servers(settings);
  for (std::size_t i = 0; i < servers.size(); ++i)
    check_base_url(address_key(settings, i), servers[i].base_url, settings.allow_http);
}

void check_extra_body(const Json& extra_body) {
  if (!extra_body.is_object())
    throw config_error("endpoint.extra_body must be an object, got " + to_line(extra_body));
  for (const char* key : {"model", "messages", "prompt", "n"})
    if (extra_body.contains(key))
      throw config_error(std::string("endpoint.extra_body must not contain \"") + key + "\"",
                         "film sets this field itself");
}

void check_cost_cap(const EndpointSettings& settings) {
  if (settings.max_cost <= 0) return;
  if (settings.price_in <= 0 && settings.price_out <= 0)
    throw config_error("endpoint.max_cost needs prices",
                       "set endpoint.price_in and endpoint.price_out per million tokens");
  if (settings.max_tokens == 0)
    throw config_error("endpoint.max_cost needs endpoint.max_tokens",
                       "without a limit on the answer's length its cost has no upper bound");
}

}  // namespace

void EndpointSettings::check() const {
  check_addresses(*this);
  if (model.empty())
    throw config_error("endpoint.model is not set", "name the model, e.g. --set endpoint.model=gpt-4-turbo");
  check_extra_body(extra_body);
  if (route == Route::chat && raw_template != RawTemplate::none)
    throw config_error("endpoint.template is set, but on the route chat the server has its own",
                       "--set endpoint.route=completions sends raw prompts with this template");
  if (route == Route::completions && api_style == ApiStyle::azure)
    throw config_error("endpoint.route completions is not offered by Azure", "--set endpoint.route=chat");
  check_cost_cap(*this);
  if (!proxy.empty() && proxy != "none") check_proxy("endpoint.proxy", proxy);
  if (!ca_file.empty() && !fs::exists(ca_file))
    throw no_input("endpoint.ca_file " + ca_file + " does not exist");
}

std::string EndpointSettings::identity() const { return service.empty() ? model : service; }

std::string EndpointSettings::service_text() const {
  if (!service.empty()) return service;
  std::string text;
  for (const EndpointSettings& server : settings_of_servers(*this))
    text += (text.empty() ? "" : ", ") + without_trailing_slash(server.base_url);
  return text;
}

double EndpointSettings::cost(std::int64_t prompt_tokens, std::int64_t completion_tokens) const {
  return (price_in * static_cast<double>(prompt_tokens) +
          price_out * static_cast<double>(completion_tokens)) /
         1e6;
}

}  // namespace film::endpoint
