// TLS, proxies, and the key that no output may hold. Certificates are made by openssl on the spot.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "../support/test_server.h"
#include "endpoint/address.h"
#include "endpoint/api_key.h"
#include "endpoint/server_settings.h"
#include "film/base/log.h"
#include "film/base/signals.h"

namespace film::endpoint {
namespace {

class Tls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = fs::path(testing::TempDir()) / ("film_tls_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    const std::string script =
        "set -e; cd '" + folder_.string() +
        "'; exec >log 2>&1\n"
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=film-test-authority -keyout ca.key -out "
        "ca.pem\n"
        "make() { openssl req -newkey rsa:2048 -nodes -subj /CN=$1 -keyout $1.key -out $1.csr\n"
        "  printf \"subjectAltName=$2\\n\" > $1.ext\n"
        "  openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile $1.ext $3 -out "
        "$1.pem; }\n"
        "make good DNS:localhost,IP:127.0.0.1 '-days 2'\n"
        "make otherhost DNS:elsewhere.example '-days 2'\n"
        "make expired DNS:localhost,IP:127.0.0.1 '-days -1'\n"
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
        "subjectAltName=IP:127.0.0.1 "
        "-keyout selfsigned.key -out selfsigned.pem\n";
    ASSERT_EQ(std::system(("sh -c \"$(cat <<'END'\n" + script + "END\n)\"").c_str()), 0) << folder_ / "log";
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  static std::vector<std::string> certificate(const std::string& name) {
    return {"--tls", folder_ / (name + ".pem"), folder_ / (name + ".key")};
  }
  static EndpointSettings trusting(const std::string& url) {
    EndpointSettings s = quick_settings(url);
    s.ca_file = folder_ / "ca.pem";
    s.api_key_variable = "";
    return s;
  }
  static fs::path folder_;
};
fs::path Tls::folder_;

TEST_F(Tls, APrivateAuthorityWorksOnceNamed) {
  TestServer server(certificate("good"));
  EXPECT_EQ(ask_all(trusting(server.url("https")), {"a", "b"}).report.ok, 2u);
  EndpointSettings unnamed = trusting(server.url("https"));
  unnamed.ca_file.clear();
  const Asked asked = ask_all(unnamed, {"a"});
  EXPECT_EQ(asked.code, ExitCode::unavailable);
  EXPECT_NE(asked.hint.find("ca_file"), std::string::npos);
}

TEST_F(Tls, ExpiredForeignAndSelfSignedCertificatesAreRefusedAtOnce) {
  for (const char* name : {"expired", "otherhost", "selfsigned"}) {
    TestServer server(certificate(name));
    const Asked asked = ask_all(trusting(server.url("https")), {"a"});
    EXPECT_EQ(asked.code, ExitCode::unavailable) << name;
    EXPECT_NE(asked.message.find("certificate"), std::string::npos) << name << ": " << asked.message;
    EXPECT_EQ(asked.report.attempts, 1u) << name;
    EXPECT_EQ(asked.report.unknown, 0u) << name;
  }
}

TEST_F(Tls, AProxyTunnelsAndNeverSeesTheKey) {
  TestServer server(certificate("good")), proxy;
  ::setenv("FILM_TEST_KEY", "sk-canary-proxy-000003", 1);
  EndpointSettings settings = trusting(server.url("https", "localhost"));
  settings.api_key_variable = "FILM_TEST_KEY";
  settings.proxy = proxy.url("http").substr(0, proxy.url().size() - 3);
  const Asked asked = ask_all(settings, {"through the proxy"});
  EXPECT_EQ(asked.code, ExitCode::ok) << asked.message;
  EXPECT_EQ(asked.report.ok, 1u);
  EXPECT_TRUE(proxy.seen()["paths"].contains("CONNECT localhost:" + server.port()));
  EXPECT_TRUE(proxy.seen()["keys"].empty());
}

TEST_F(Tls, AProxyThatRefuses) {
  TestServer server(certificate("good")), wants_password({"--proxy-status", "407"}),
      broken({"--proxy-status", "502"});
  for (const auto& [proxy, code] :
       {std::pair{&wants_password, ExitCode::denied}, {&broken, ExitCode::unavailable}}) {
    EndpointSettings settings = trusting(server.url("https"));
    settings.proxy = "http://127.0.0.1:" + proxy->port();
    const Asked asked = ask_all(settings, {"a"});
    EXPECT_EQ(asked.code, code) << asked.message;
    EXPECT_NE(asked.message.find("proxy"), std::string::npos) << asked.message;
  }
}

// What a call throws: code and words.
template <class Call>
std::pair<ExitCode, std::string> thrown(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.code(), std::string(error.what()) + "\n" + error.hint()};
  }
  return {ExitCode::ok, ""};
}

TEST(EndpointSettings, RefusesWhatWouldLeakOrCannotWork) {
  EndpointSettings good;
  good.model = "m";
  EXPECT_NO_THROW(good.check());
  const auto refused = [&](auto change) {
    EndpointSettings s = good;
    change(s);
    const auto [code, words] = thrown([&] { s.check(); });
    EXPECT_EQ(code, ExitCode::config) << words;
    EXPECT_EQ(words.find("secret"), std::string::npos) << words;
    EXPECT_EQ(thrown([&] { EndpointClient client(s); }).first, ExitCode::config);
  };
  refused([](auto& s) { s.model = ""; });
  refused([](auto& s) { s.base_url = "http://api.example.com/v1"; });
  refused([](auto& s) { s.base_url = "ftp://api.example.com/v1"; });
  refused([](auto& s) { s.base_url = "https://user:secret@api.example.com/v1"; });
  refused([](auto& s) { s.base_url = "https://api.example.com/v1?key=secret"; });
  refused([](auto& s) { s.base_url = "nonsense with spaces"; });
  refused([](auto& s) { s.proxy = "http://user:secret@proxy:3128"; });
  refused([](auto& s) { s.extra_body = Json::array(); });
  refused([](auto& s) { s.extra_body = {{"messages", Json::array()}}; });
  refused([](auto& s) { s.max_cost = 5; });
  refused([](auto& s) {
    s.max_cost = 5;
    s.price_in = 1;
    s.max_tokens = 0;
  });
  refused([](auto& s) {
    s.servers = {{.base_url = "https://a/v1"}, {.base_url = "https://b/v1?key=secret"}};
  });
  refused([](auto& s) { s.servers.emplace_back(); });
  EndpointSettings inside = good;
  inside.base_url = "http://node17:8000/v1";
  inside.allow_http = true;
  EXPECT_NO_THROW(inside.check());
}

TEST(EndpointSettings, WriteAddressesAsServersWantThem) {
  EndpointSettings s;
  s.model = "d";
  for (const char* base : {"https://h/v1", "https://h/v1/", "https://h/v1/chat/completions"}) {
    s.base_url = base;
    EXPECT_EQ(post_url(s), "https://h/v1/chat/completions");
  }
  s.api_style = ApiStyle::azure;
  for (const char* base :
       {"https://r.example", "https://r.example/openai", "https://r.example/openai/deployments/d"}) {
    s.base_url = base;
    EXPECT_EQ(post_url(s), "https://r.example/openai/deployments/d/chat/completions?api-version=2024-06-01")
        << base;
  }
}

TEST(EndpointSettings, AnotherAddressIsTheSameRunAnotherServiceIsNot) {
  EndpointSettings a, b;
  b.base_url = "https://node18/v1";
  b.servers = {{.base_url = "https://node19/v1"}};
  Fields first, second;
  a.describe(first);
  b.describe(second);
  EXPECT_EQ(first.result_settings(), second.result_settings());
  second.apply_override("service=ours");
  EXPECT_NE(first.result_settings(), second.result_settings());
}

TEST(EndpointSettings, ServersAreNamedInErrorsAndTakeTheirOwnFields) {
  EndpointSettings s;
  Fields fields;
  s.describe(fields);
  fields.apply_override("model=m");
  fields.apply_override(
      R"(servers=[{"base_url":"https://a/v1"},{"base_url":"https://b/v1","max_in_flight":3,"api_key_file":"k"}])");
  fields.apply_override("api_key_variable=SHARED");
  const std::vector<EndpointSettings> servers = settings_of_servers(s);
  ASSERT_EQ(servers.size(), 2u);
  EXPECT_EQ(servers[0].max_in_flight, s.max_in_flight);
  EXPECT_EQ(servers[0].api_key_variable, "SHARED");
  EXPECT_EQ(servers[1].max_in_flight, 3);
  EXPECT_EQ(servers[1].api_key_file, "k");
  EXPECT_EQ(total_in_flight(s), 67u);
  EXPECT_EQ(s.service_text(), "https://a/v1, https://b/v1");
  EXPECT_EQ(s.identity(), "m");
  s.servers[1].base_url = "http://b/v1";
  EXPECT_NE(thrown([&] { s.check(); }).second.find("endpoint.servers[1].base_url is plain http"),
            std::string::npos);
  EXPECT_EQ(thrown([&] { fields.apply_override("servers=[{\"url\":\"https://a/v1\"}]"); }).first,
            ExitCode::config);
}

class Key : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  EndpointSettings with_file(const std::string& content) {
    std::ofstream(folder_ / "key") << content;
    fs::permissions(folder_ / "key", fs::perms::owner_read | fs::perms::owner_write);
    EndpointSettings s;
    s.model = "m";
    s.api_key_file = folder_ / "key";
    return s;
  }
  fs::path folder_ = fs::path(testing::TempDir()) / ("film_key_" + std::to_string(::getpid()));
};

TEST_F(Key, ComesFromFileThenVariableAndIsOneWord) {
  ::setenv("FILM_TEST_KEY", "from-the-variable", 1);
  EndpointSettings s = with_file("  from-the-file\r\n");
  s.api_key_variable = "FILM_TEST_KEY";
  EXPECT_EQ(ApiKey::load(s).header(ApiStyle::openai), "Authorization: Bearer from-the-file");
  s.api_key_file.clear();
  EXPECT_EQ(ApiKey::load(s).header(ApiStyle::azure), "api-key: from-the-variable");
  for (const char* bad : {"", " \n", "two words", "line\nbreak: x", "nul\x01", "schl\xc3\xbcssel"})
    EXPECT_EQ(thrown([&] { ApiKey::load(with_file(bad)); }).first, ExitCode::config) << bad;
  s.api_key_file = folder_ / "absent";
  EXPECT_EQ(thrown([&] { ApiKey::load(s); }).first, ExitCode::no_input);
  s.api_key_file.clear();
  s.api_key_variable = "FILM_NO_SUCH_VARIABLE";
  const auto [code, words] = thrown([&] { ApiKey::load(s); });
  EXPECT_EQ(code, ExitCode::config);
  EXPECT_NE(words.find("FILM_NO_SUCH_VARIABLE"), std::string::npos);
  s.base_url = "http://[::1]:8000/v1";  // a server on this machine needs none
  EXPECT_TRUE(ApiKey::load(s).empty());
}

TEST_F(Key, IsTakenOutOfWhatServersQuoteUnlessItIsAStandIn) {
  const ApiKey key = ApiKey::load(with_file("sk-canary-quoted-4"));
  EXPECT_EQ(key.redact("bad key sk-canary-quoted-4, sk-canary-quoted-4!"), "bad key [API key], [API key]!");
  EXPECT_EQ(ApiKey::load(with_file("EMPTY")).redact("an EMPTY room"), "an EMPTY room");
}

std::string text_of(const fs::path& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all += read_file(entry.path());
  return all;
}

TEST_F(Key, CanaryAppearsInNoOutputWhateverTheServerEchoes) {
  const std::string canary = "sk-CANARY-5f3a9c0de";
  TestServer server;
  start_logging(2);
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  EndpointSettings settings = with_file(canary);
  settings.base_url = server.url();
  settings.backoff = 0.001;
  Fields fields;
  settings.describe(fields);
  std::string words = to_pretty(fields.dump()) + to_pretty(fields.result_settings());
  const std::string echo = R"(, "json": {"error": {"message": "key )" + canary + R"( is wrong"}}})";
  const std::string cases[] = {R"({"status": 401)" + echo,
                               R"({"status": 400)" + echo,
                               R"({"status": 500)" + echo,
                               R"({"status": 307, "headers": {"location": "http://x/?k=)" + canary + R"("}})",
                               R"({"text": "your key is )" + canary + R"("})",
                               R"({"do": "garbage"})",
                               R"({"body": ")" + canary + R"("})"};
  int n = 0;
  for (const std::string& steps : cases) {
    // The id makes each script one of its own; the key reaches the message only for this test's sake.
    const Asked asked =
        ask_all(settings, {R"({"id": "canary)" + std::to_string(n++) + R"(", "script": [)" + steps + "]}"},
                folder_ / "journal.jsonl");
    words += asked.message + asked.hint + to_pretty(to_json(asked.report));
    for (const ChatResult& r : asked.results) words += r.text + r.detail + r.model;
  }
  words += testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout();
  words += read_file("/proc/self/cmdline");
  fs::remove(folder_ / "key");
  words += text_of(folder_);
  EXPECT_EQ(words.find(canary), std::string::npos) << words.substr(words.find(canary) - 100, 200);
  EXPECT_NE(words.find("[API key]"), std::string::npos);
  EXPECT_TRUE(server.seen()["keys"].contains("Bearer " + canary));
  start_logging(0);
}

}  // namespace
}  // namespace film::endpoint
