#include "prompts.h"

#include <sstream>

#include "film/base/error.h"
#include "film/base/shipped_file.h"

namespace film::questions {
namespace {

constexpr std::string_view kPlaceholder = "{evidence}";

std::string version_of(const std::string& content) { return sha256(content).substr(0, 16); }

std::string evidence_text(const Ask& ask) {
  if (ask.kind != ContextKind::integration) return ask.texts.at(0);
  std::string text;
  for (std::size_t i = 0; i < ask.texts.size(); ++i)
    text += (i > 0 ? "\n\n" : "") + ("# Piece " + std::to_string(i + 1)) + ":\n" + ask.texts[i];
  return text;
}

}  // namespace

Prompts::Prompt Prompts::read(const std::string& file) {
  const fs::path path = shipped_file(file);
  const std::string content = read_file(path);
  const std::size_t at = content.find(kPlaceholder);
  if (at == std::string::npos)
    throw config_error(path.string() + " does not contain {evidence}",
                       "put it where the text of the evidence goes");
  return {content.substr(0, at), content.substr(at + kPlaceholder.size()), version_of(content)};
}

Prompts::Prompts(const PromptFiles& files)
    : fine_grained_(read(files.fine_grained)), integration_(read(files.integration)) {
  const std::string content = read_file(shipped_file(files.banned));
  banned_version_ = version_of(content);
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    PlainText phrase(line);
    if (!phrase.flat.empty() && phrase.flat[0] != '#') banned_.push_back(std::move(phrase));
  }
}

endpoint::ChatRequest Prompts::request(const Ask& ask) const {
  const Prompt& prompt = of(ask.kind);
  endpoint::ChatRequest request;
  request.id = std::to_string(ask.context);
  if (ask.kind != ContextKind::integration) request.id += "/" + std::to_string(ask.positions.at(0));
  request.messages = {{endpoint::Role::user, prompt.before + evidence_text(ask) + prompt.after}};
  request.prompt_version = prompt.version;
  return request;
}

PromptVersions Prompts::versions() const {
  return {fine_grained_.version, integration_.version, banned_version_};
}

}  // namespace film::questions
