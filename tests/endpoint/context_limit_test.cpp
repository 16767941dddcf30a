// How long a prompt may be, in the words of each server; and where raw prompts go.
#include "endpoint/context_limit.h"

#include "../support/test_server.h"
#include "endpoint/address.h"
#include "endpoint/request_body.h"

namespace film::endpoint {
namespace {

TEST(ContextLimit, InTheWordsOfEachServer) {
  const struct {
    const char *path, *body;
    std::optional<std::int64_t> limit;
  } cases[] = {
      {"/models", R"({"data":[{"id":"m","max_model_len":4096}]})", 4096},
      {"/models", R"({"data":[{"id":"other","max_model_len":1},{"id":"m","context_window":8192}]})", 8192},
      {"/models", R"({"data":[{"id":"only","context_length":2048}]})", 2048},
      {"/models", R"({"data":[{"id":"a","max_model_len":1},{"id":"b","max_model_len":2}]})", std::nullopt},
      {"/models", R"({"data":[{"id":"m","meta":{"n_ctx_train":32768}}]})", std::nullopt},
      {"/props", R"({"default_generation_settings":{"n_ctx":512},"n_ctx_train":9})", 512},
      {"/api/v0/models", R"({"data":[{"id":"m","max_context_length":32768,"loaded_context_length":4096}]})",
       4096},
      {"/api/v0/models", R"({"data":[{"id":"m","max_context_length":32768}]})", std::nullopt},
      {"/info", R"({"max_total_tokens":3000,"max_input_tokens":2000})", 3000},
      {"/models", R"({"data":[{"id":"m","max_model_len":-1}]})", std::nullopt},
      {"/models", R"({"data":{"id":"m"}})", std::nullopt},
      {"/models", "<html>", std::nullopt},
      {"/props", "[]", std::nullopt},
  };
  for (const auto& [path, body, limit] : cases) EXPECT_EQ(limit_in(path, body, "m"), limit) << path << body;
}

TEST(ContextLimit, IsAskedOnce) {
  TestServer server({"--max-model-len", "777"});
  EndpointClient client(quick_settings(server.url()));
  EXPECT_EQ(client.context_limit(), 777);
  EXPECT_EQ(client.context_limit(), 777);
  EXPECT_EQ(server.seen().at("paths").at("/v1/models"), 1);
  EndpointSettings own = quick_settings(server.url());
  own.context_tokens = 55;
  EXPECT_EQ(EndpointClient(own).context_limit(), 55);
}

TEST(ContextLimit, AServerThatSaysNothingHasNone) {
  TestServer server;
  EXPECT_EQ(EndpointClient(quick_settings(server.url())).context_limit(), std::nullopt);
  EXPECT_EQ(server.seen().at("paths").at("/props"), 1);
  EXPECT_EQ(EndpointClient(quick_settings("http://127.0.0.1:1/v1")).context_limit(), std::nullopt);
}

TEST(RawPrompts, HaveAnAddressAndTemplatesOfTheirOwn) {
  EndpointSettings settings = quick_settings("http://127.0.0.1:8/v1/");
  settings.route = Route::completions;
  EXPECT_EQ(post_url(settings), "http://127.0.0.1:8/v1/completions");
  settings.base_url = "http://127.0.0.1:8/v1/chat/completions";
  EXPECT_EQ(post_url(settings), "http://127.0.0.1:8/v1/completions");
  EXPECT_EQ(server_root(settings), "http://127.0.0.1:8");
  const ChatRequest request{"", {{Role::system, "S"}, {Role::user, "U"}}, 5, "", {}};
  const std::pair<RawTemplate, const char*> cases[] = {
      {RawTemplate::none, "S\n\nU"},
      {RawTemplate::mistral, "[INST] S\n\nU [/INST]"},
      {RawTemplate::llama,
       "<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>"
       "\n\nU<|eot_id|>"
       "<|start_header_id|>assistant<|end_header_id|>\n\n"},
      {RawTemplate::chatml,
       "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n"},
  };
  for (const auto& [form, prompt] : cases) {
    settings.raw_template = form;
    const Json body = parse_json(request_body(settings, request), "body");
    EXPECT_EQ(body.at("prompt"), prompt);
    EXPECT_FALSE(body.contains("messages"));
  }
  settings.raw_template = RawTemplate::film;
  EXPECT_THROW(request_body(settings, request), Error);
}

TEST(RawPrompts, FieldsOfGreedyAnswers) {
  EndpointSettings settings = quick_settings("http://127.0.0.1:8/v1");
  settings.top_p = 1;
  settings.reasoning = Reasoning::off;
  settings.reasoning_tokens = 100;
  const Json body = parse_json(request_body(settings, {"", {{Role::user, "U"}}, 5, "", {}}), "body");
  EXPECT_EQ(body.at("top_p"), 1.0);
  EXPECT_EQ(body.at("max_tokens"), 105);
  EXPECT_EQ(body.at("chat_template_kwargs").at("enable_thinking"), false);
  settings.raw_template = RawTemplate::qwen;
  EXPECT_THROW(settings.check(), Error) << "a template needs the raw route";
}

}  // namespace
}  // namespace film::endpoint
