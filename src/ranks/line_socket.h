#pragma once
// Lines of text over TCP, for what the ranks of a run say to each other beside the exchange of tensors.
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "film/base/file_descriptor.h"

namespace film::ranks {

class LineSocket {
 public:
  explicit LineSocket(FileDescriptor connection);
  // By any thread. False: the other side is gone, or has taken nothing for seconds.
  bool send(const std::string& line);
  // Appends what has arrived, without waiting. False: the other side has closed.
  bool receive(std::vector<std::string>& lines);
  int descriptor() const { return connection_.get(); }
  std::string local_address() const;  // numeric, of this end; empty where the system does not say

 private:
  FileDescriptor connection_;
  std::string rest_;
  std::unique_ptr<std::mutex> sending_;
};

// Accepts connections at a port that was free.
class Listener {
 public:
  Listener();  // throws os_error
  int port() const { return port_; }
  // The next connection, if one comes in time.
  std::optional<LineSocket> accept(std::chrono::milliseconds within);

 private:
  FileDescriptor socket_;
  int port_ = 0;
};

// Nothing where nobody answers in time.
std::optional<LineSocket> connect_to(const std::string& host, int port, std::chrono::milliseconds within);

}  // namespace film::ranks
