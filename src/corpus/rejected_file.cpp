#include "rejected_file.h"

#include "film/base/json.h"

namespace film::corpus {
namespace {

const fs::path kRejected = fs::path("documents") / "rejected.jsonl";

}  // namespace

void RejectedFile::add(const RejectedRow& row) {
  if (!file_) file_ = std::make_unique<AtomicFile>(data_ / kRejected);
  file_->write(to_line(Json{{"where", row.where}, {"reason", row.reason}, {"detail", row.detail}}) + '\n');
}

void RejectedFile::finish(std::vector<fs::path>& files) {
  if (!file_) return;
  file_->commit();
  files.push_back(kRejected);
}

}  // namespace film::corpus
