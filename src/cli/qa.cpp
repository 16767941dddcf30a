// film qa: contexts of a DATA folder -> questions with answers.
#include "film/questions/qa.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "film/base/error.h"
#include "film/cli/verb.h"
#include "film/contexts/data_folder.h"

namespace film::cli {
namespace {

// The model that `film synth` used, by the hash in the manifest; where it was then unless the settings say
// otherwise.
text::Tokenizer tokenizer_of(const contexts::DataFolder& data, const questions::QaSettings& settings) {
  std::string path = settings.tokenizer;
  if (path.empty()) path = read_json(data.path() / "settings.json").at("settings").value("tokenizer", "");
  const text::Tokenizer tokenizer = text::Tokenizer::load(path);
  if (tokenizer.sha256() != data.tokenizer_sha256())
    throw config_error(path + " is not the tokenizer that " + data.path().string() +
                           " was made with: its sha256 is " + tokenizer.sha256() + ", expected " +
                           data.tokenizer_sha256(),
                       "name that file: --set tokenizer=FILE");
  return tokenizer;
}

questions::ContextMaterial material_of(const contexts::DataFolder& data, const text::Tokenizer& tokenizer,
                                       std::uint64_t id) {
  questions::ContextMaterial material;
  material.context = data.context(id);
  material.texts = data.segment_texts(material.context, tokenizer);
  for (const std::uint64_t segment : material.context.segments)
    material.planted.push_back(data.planted(segment));
  return material;
}

// Texts of some segments of a context: a recipe of these alone, decoded.
std::vector<std::string> texts_of(const contexts::DataFolder& data, const text::Tokenizer& tokenizer,
                                  const Context& context, const std::vector<std::uint32_t>& positions) {
  Context part;
  for (const std::uint32_t position : positions) part.segments.push_back(context.segments.at(position));
  return data.segment_texts(part, tokenizer);
}

questions::QaSource source_of(const contexts::DataFolder& data, const text::Tokenizer& tokenizer) {
  questions::QaSource source;
  source.contexts = data.contexts().size();
  source.read = [data, tokenizer](std::uint64_t id) { return material_of(data, tokenizer, id); };
  source.context = [data](std::uint64_t id) { return data.context(id); };
  source.texts = [data, tokenizer](const Context& context, const std::vector<std::uint32_t>& positions) {
    return texts_of(data, tokenizer, context, positions);
  };
  if (data.manifest().contains("records"))
    source.planted_question = data.manifest().at("records").at("question").get<std::string>();
  source.identity = sha256_file(data.path() / "manifest.json");
  return source;
}

}  // namespace

void add_qa(CLI::App& app, Run& run) {
  auto* verb = app.add_subcommand(
      "qa", "Write questions and answers for a DATA folder (settings: `film config show qa`)");
  auto common = std::make_shared<CommonOptions>();
  auto folder = std::make_shared<fs::path>();
  verb->add_option("DATA", *folder, "Folder that film synth wrote; questions go to DATA/questions")
      ->required();
  auto import = std::make_shared<std::string>();
  verb->add_option("--import", *import, "CSV or JSONL file of questions and answers that people wrote");
  add_common_options(*verb, *common, false);
  verb->callback([common, folder, import, &run] {
    run = [common, folder, import](const ProgramInfo& program) {
      questions::QaSettings settings;
      Fields fields = resolve(settings, common->config, common->set);
      if (!import->empty()) fields.apply({{"generator", "import"}, {"import", *import}}, "--import");
      const contexts::DataFolder data(*folder);
      const questions::QaSource source = source_of(data, tokenizer_of(data, settings));
      const fs::path out = common->out.empty() ? *folder / "questions" : common->out;
      const Json manifest =
          questions::write_questions(source, settings, {out, "qa", fields, program}, common->limit);
      const std::string text = common->json ? to_pretty(manifest) : questions::qa_summary(manifest);
      std::fputs(text.c_str(), stdout);
    };
  });
}

}  // namespace film::cli
