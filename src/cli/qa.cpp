// film qa: contexts of a DATA folder -> questions with answers.
#include "film/questions/qa.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "film/cli/verb.h"
#include "film/folders/data_folder.h"

namespace film::cli {

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
    run = [common, folder, import] {
      questions::QaSettings settings;
      Fields fields = resolve(settings, common->config, common->set);
      if (!import->empty()) fields.apply({{"generator", "import"}, {"import.file", *import}}, "--import");
      const folders::DataFolder data(*folder);
      const fs::path out = common->out.empty() ? *folder / "questions" : common->out;
      const Json manifest = questions::write_questions(data, settings, fields, out, common->limit);
      const fs::path file = out / "manifest.json";
      const std::string text = common->json
                                   ? to_pretty(manifest)
                                   : questions::qa_summary(from_json<QaFacts>(manifest, file.string()));
      std::fputs(text.c_str(), stdout);
    };
  });
}

}  // namespace film::cli
