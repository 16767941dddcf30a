#pragma once
// The progress line of a run on the terminal.
#include <optional>
#include <string>

#include "film/base/progress.h"
#include "film/endpoint/client.h"
#include "run.h"
#include "transport.h"

namespace film::endpoint {

class ProgressLine {
 public:
  // No line for an empty label. priced: shows the cost.
  ProgressLine(const EndpointClient::Watch& watch, Transport& clock, bool priced);
  // Often: looks at the run twice a second.
  void update(const Run& run);
  void finish(const EndpointReport& report);

 private:
  void show(const EndpointReport& report);

  Transport& clock_;
  bool priced_;
  std::optional<Progress> progress_;
  double last_ = 0;
  std::uint64_t shown_ = 0;
};

}  // namespace film::endpoint
